"use client";

import { SquareTerminal } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import type { Slice } from "@/components/charts/prepare-stack";
import { useHighlight } from "@/components/charts/use-highlight";
import { RangeMenu } from "@/components/filters/range-menu";
import { type Scope, scopeSearch } from "@/components/filters/scope";
import { useScope } from "@/components/filters/use-scope";
import { agentsScope, CLIENT_DIMENSION } from "@/components/spend/agents-scope";
import { BreakdownPanel } from "@/components/spend/breakdown-panel";
import { SpendChart } from "@/components/spend/spend-chart";
import type { SpendQuestion } from "@/components/spend/spend-questions";
import { useSpendView } from "@/components/spend/use-spend-view";
import { EmptyState } from "@/components/states/empty-state";
import { Panel } from "@/components/states/panel";
import { Card } from "@/components/ui/card";
import { PointedLink } from "@/components/ui/pointed-link";
import { CALLS_PATH, SESSIONS_PATH, withQuery } from "@/lib/paths";
import { chooseInterval, formatEdge, type RangeChoice } from "@/lib/time-range";

const BREAKDOWNS = [
  { dimension: "user", title: "By person" },
  { dimension: "metadata.repository", title: "By repository" },
  { dimension: "agent", title: "By agent" },
  { dimension: "model", title: "By model" },
] as const;

/** What coding agents cost: over time by client, and by person, repository, agent and model. @param setUp How to make one tell of its calls. */
export function CodingAgents({ setUp }: { setUp: ReactNode }) {
  const { scope: asked, setRange } = useScope();
  const scope = useMemo(() => agentsScope(asked), [asked]);
  const question = useMemo(
    (): SpendQuestion => ({
      group: CLIENT_DIMENSION,
      group2: null,
      metric: "cost",
      interval: chooseInterval(scope.range),
      hasPercentiles: false,
      compare: null,
    }),
    [scope.range],
  );
  const view = useSpendView(scope, question);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <h1 className="sr-only">Coding agents</h1>
        <RangeMenu scope={scope} onChoose={setRange} />
        <PointedLink
          href={withQuery(SESSIONS_PATH, scopeSearch(scope))}
          className="py-1.5 font-medium text-[13px] text-link underline-offset-2 hover:underline"
        >
          Their sessions, the dearest first
        </PointedLink>
      </div>
      {view.isEmpty ? (
        <Nothing setUp={setUp} />
      ) : (
        <Answer scope={scope} view={view} onRange={setRange} />
      )}
    </div>
  );
}

function Nothing({ setUp }: { setUp: ReactNode }) {
  return (
    <Card aria-label="Result">
      <EmptyState icon={SquareTerminal} title="No coding agent told of a call in this range">
        Claude Code, Codex, Gemini CLI, Copilot and others tell of each call, with who it was and in
        which repository, once a few lines are set. Take a longer range, or set one up.
      </EmptyState>
      <div className="mx-auto max-w-2xl px-4 pb-8">{setUp}</div>
    </Card>
  );
}

interface AnswerProps {
  scope: Scope;
  view: ReturnType<typeof useSpendView>;
  onRange: (choice: RangeChoice) => void;
}

function Answer({ scope, view, onRange }: AnswerProps) {
  const [highlighted, highlight] = useHighlight();
  const { chart, table } = view;
  const openBucket = ({ startMs, endMs }: Slice) =>
    onRange({
      range: "custom",
      from: formatEdge(startMs, scope.timeZone),
      to: formatEdge(endMs, scope.timeZone),
    });
  return (
    <>
      <Panel
        name="The chart"
        error={view.chartError ?? view.tableError}
        onRetry={view.retry}
        isCurrent={view.isChartCurrent}
        skeletonHeight={400}
      >
        {chart && table && (
          <SpendChart
            view={chart}
            total={table.total}
            before={null}
            callsHref={withQuery(CALLS_PATH, scopeSearch(scope))}
            highlighted={highlighted}
            onHighlight={highlight}
            onOpenBucket={openBucket}
          />
        )}
      </Panel>
      <div className="grid gap-4 lg:grid-cols-2">
        {BREAKDOWNS.map(({ dimension, title }) => (
          <BreakdownPanel key={dimension} scope={scope} dimension={dimension} title={title} />
        ))}
      </div>
    </>
  );
}
