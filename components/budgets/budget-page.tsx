"use client";

import { useQuery } from "@tanstack/react-query";
import { ChartColumnStacked, ListTree } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { BudgetActions } from "@/components/budgets/budget-actions";
import { Window } from "@/components/budgets/budget-item";
import { BudgetMeter, StateBadge } from "@/components/budgets/budget-meter";
import { describeBudget, describeNext, listNotes } from "@/components/budgets/budget-notes";
import { searchOf, stepOf } from "@/components/budgets/budget-question";
import { budgetQuery } from "@/components/budgets/budget-requests";
import { STATES } from "@/components/budgets/budget-state";
import { MODE_WORDS, sayUsd } from "@/components/budgets/budget-words";
import { BurnDownPanel } from "@/components/budgets/burn-down-panel";
import { LockPanel } from "@/components/budgets/lock-panel";
import { PeriodsTable } from "@/components/budgets/periods-table";
import { RefusalsTable } from "@/components/budgets/refusals-table";
import { ValuesTable } from "@/components/budgets/values-table";
import { writeFilter } from "@/components/filters/filter-param";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { Panel } from "@/components/states/panel";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import type { WholeBudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { formatQuantity } from "@/lib/format";
import { BUDGETS_PATH, CALLS_PATH, EXPLORE_PATH, withQuery } from "@/lib/paths";

interface BudgetPageProps {
  budgetId: string;
  /** What it told whom. */
  escalation: ReactNode;
}

/** One budget: how full it is, how it came to that, who is near, what was refused. */
export function BudgetPage({ budgetId, escalation }: BudgetPageProps) {
  const query = useQuery(budgetQuery(budgetId));
  const budget = query.data;
  const { project } = useWorkspace();
  const [chosen, choose] = useQueryState("value", parseAsString.withOptions({ history: "push" }));
  const value = chosen ?? budget?.nearest_value ?? null;
  return (
    <div className="flex flex-col gap-4">
      <PointedLink
        href={withQuery(
          BUDGETS_PATH,
          new URLSearchParams(project === ALL_PROJECTS ? {} : { project }),
        )}
        className="self-start text-[13px] text-link underline-offset-2 hover:underline"
      >
        All budgets
      </PointedLink>
      {!budget && <h1 className="sr-only">Budget</h1>}
      <Panel
        name="This budget"
        error={query.error}
        onRetry={() => void query.refetch()}
        isCurrent={budget !== undefined}
        skeletonHeight={200}
      >
        {budget && <Head budget={budget} />}
      </Panel>
      {budget && (
        <>
          <LockPanel budget={budget} />
          {stepOf(budget) !== null && <BurnDownPanel budget={budget} value={value} />}
          {budget.window !== "request" && (budget.value === "*" || stepOf(budget) === null) && (
            <ValuesTable
              budget={budget}
              chosen={value}
              onChoose={stepOf(budget) === null ? null : (next) => void choose(next)}
            />
          )}
          {escalation}
          <RefusalsTable refusals={budget.refusals} />
          {stepOf(budget) !== null && <PeriodsTable budget={budget} />}
          <Facts budget={budget} />
        </>
      )}
    </div>
  );
}

function Head({ budget }: { budget: WholeBudgetAnswer }) {
  const { timeZone } = useWorkspace();
  const search = searchOf(budget, budget.value === "*" ? null : budget.value, timeZone);
  const next = describeNext(budget);
  return (
    <div className="flex flex-col gap-3 p-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="flex min-w-0 flex-col gap-1">
          <h1 className="flex flex-wrap items-center gap-2 font-semibold text-lg">
            <span className="min-w-0 [overflow-wrap:anywhere]">{budget.name}</span>
            {budget.archived_at === null ? (
              <StateBadge state={budget.state} />
            ) : (
              <Badge>Archived</Badge>
            )}
          </h1>
          <p className="text-ink-muted text-sm [overflow-wrap:anywhere]">
            {describeBudget(budget)}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button asChild size="small">
            <PointedLink href={withQuery(EXPLORE_PATH, search)}>
              <ChartColumnStacked aria-hidden="true" />
              Explore
            </PointedLink>
          </Button>
          <Button asChild size="small">
            <PointedLink href={withQuery(CALLS_PATH, search)}>
              <ListTree aria-hidden="true" />
              Calls
            </PointedLink>
          </Button>
          <BudgetActions budget={budget} />
        </div>
      </div>
      {budget.window === "request" ? (
        <p className="text-sm">
          Each call is held against the limit by itself: nothing adds up, and nothing is ever used
          up.
        </p>
      ) : (
        <>
          <BudgetMeter label={budget.name} budget={budget} isLarge />
          <p className="text-[13px] text-ink-muted">
            <Window budget={budget} />
            {budget.nearest_value !== null && budget.value === "*" && (
              <> · the figures of {budget.nearest_value}, which is nearest</>
            )}
          </p>
        </>
      )}
      <p className="text-[13px] text-ink-muted">
        {budget.state !== "ok" && `${STATES[budget.state].meaning} `}
        {MODE_WORDS[budget.mode].label} {MODE_WORDS[budget.mode].meaning}.{next && ` ${next}.`}
      </p>
      {listNotes(budget).map((note) => (
        <p key={note} className="text-[13px] text-caution">
          {note}
        </p>
      ))}
    </div>
  );
}

/** Who made it and when, and what came without asking. */
function Facts({ budget }: { budget: WholeBudgetAnswer }) {
  const { timeZone } = useWorkspace();
  const { unreserved } = budget;
  const calls = searchOf(budget, budget.value === "*" ? null : budget.value, timeZone);
  calls.append("filter", writeFilter({ dimension: "reservation_id", value: "" }));
  const isOlder =
    budget.period !== null && Date.parse(budget.created_at) <= Date.parse(budget.period.from);
  const facts: { name: string; fact: ReactNode }[] = [
    {
      name: "Without a reservation",
      fact:
        unreserved.events === 0 ? (
          // Of what came before, nobody knows whether it asked.
          `Nothing ${isOlder ? "in this period" : "since the budget was made"}.`
        ) : (
          <>
            {sayUsd(unreserved.usd)} of {formatQuantity(unreserved.events, "event")} in this period:
            counted, and no hold covered it.{" "}
            <PointedLink
              href={withQuery(CALLS_PATH, calls)}
              className="text-link underline underline-offset-2"
            >
              Calls that name no reservation
            </PointedLink>
            , those from before the budget was made too. What ran dearer than its hold, and a second
            call of one reservation, are not among them.
          </>
        ),
    },
    { name: "Answers for it", fact: budget.owner || "Nobody is named." },
    {
      name: "Made",
      fact: (
        <>
          <Moment at={budget.created_at} timeZone={timeZone} /> by {budget.created_by}
        </>
      ),
    },
    { name: "Last changed", fact: <Moment at={budget.updated_at} timeZone={timeZone} /> },
    ...(budget.archived_at === null
      ? []
      : [{ name: "Archived", fact: <Moment at={budget.archived_at} timeZone={timeZone} /> }]),
    { name: "Id", fact: <code className="select-all font-mono text-xs">{budget.id}</code> },
  ];
  return (
    <dl className="grid gap-x-4 gap-y-1.5 rounded-panel border border-line p-4 text-[13px] sm:grid-cols-[12rem_minmax(0,1fr)]">
      {facts.map(({ name, fact }) => (
        <div key={name} className="grid grid-cols-subgrid sm:col-span-2">
          <dt className="text-ink-muted">{name}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">{fact}</dd>
        </div>
      ))}
    </dl>
  );
}
