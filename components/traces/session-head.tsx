"use client";

import { useNow } from "@/components/filters/use-now";
import { useWorkspace } from "@/components/layout/workspace";
import { ExpiredNote } from "@/components/states/expired-note";
import { SessionFacts } from "@/components/traces/session-facts";
import { sessionSearch } from "@/components/traces/session-search";
import { SessionTags } from "@/components/traces/session-tags";
import { SessionTraces } from "@/components/traces/session-traces";
import { StepCost } from "@/components/traces/step-cost";
import { isRunning, type SessionTree } from "@/components/traces/trace-answer";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import { formatCallCost, formatDuration, formatExactUsd } from "@/lib/format";
import { CALLS_PATH, type SessionRef, withQuery } from "@/lib/paths";

interface SessionHeadProps {
  session: SessionTree;
  kind: SessionRef["kind"];
  id: string;
}

/** What a session came to: who it is, what it cost, and what is to be known before anybody looks into it. */
export function SessionHead({ session, kind, id }: SessionHeadProps) {
  const { figures, answer, tree } = session;
  const { timeZone } = useWorkspace();
  const isOpen = isRunning(figures, useNow());
  const isAtLeast = figures.unpriced_calls + figures.partial_calls > 0;
  const filter = { dimension: kind === "session" ? "session" : "trace_id", value: id };
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="break-all font-semibold text-lg">{id}</h1>
          <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-ink-muted">
            {kind === "trace" && <Badge>Trace</Badge>}
            {isOpen && <Badge variant="accent">Going on</Badge>}
            {figures.outcome && (
              <Badge variant={figures.outcome === "success" ? "good" : "danger"}>
                {figures.outcome}
              </Badge>
            )}
            {figures.outcome_value_usd !== null && (
              <span title={formatExactUsd(figures.outcome_value_usd)}>
                worth {formatCallCost(figures.outcome_value_usd)}
              </span>
            )}
            <Moment at={figures.started_at} timeZone={timeZone} hasSeconds />
            <span>{timeZone}</span>
            <span>
              {formatDuration(figures.duration_ms)}
              {isOpen && " so far"}
            </span>
          </div>
        </div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="font-semibold text-2xl tracking-tight">
            <span className="sr-only">Cost: </span>
            {tree.totalUsd === null ? (
              "Cost unknown"
            ) : (
              <StepCost usd={tree.totalUsd} isAtLeast={isAtLeast} isSum />
            )}
            {isOpen && <span className="font-normal text-base text-ink-muted"> so far</span>}
          </p>
          {figures.cost_usd !== null && (
            <CopyButton
              label="Copy exact"
              text={() => figures.cost_usd ?? ""}
              title={formatExactUsd(figures.cost_usd)}
            />
          )}
          <Button asChild>
            <PointedLink href={withQuery(CALLS_PATH, sessionSearch(figures, filter, timeZone))}>
              Its calls
            </PointedLink>
          </Button>
        </div>
      </div>
      <SessionFacts session={session} />
      <SessionTags figures={figures} kind={kind} id={id} />
      <SessionTraces answer={answer} project={figures.project} isTrace={kind === "trace"} />
      <ExpiredNote what="steps" before={answer.expired_before} timeZone={timeZone} />
    </header>
  );
}
