"use client";

import { BudgetMeter, StateBadge } from "@/components/budgets/budget-meter";
import { describeBudget, describeNext, listNotes } from "@/components/budgets/budget-notes";
import { describeWindow } from "@/components/budgets/budget-words";
import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { formatCount } from "@/lib/format";

interface BudgetItemProps {
  budget: BudgetAnswer;
  href: string;
}

/** One budget in the list: whom it caps, how full it is, when it starts anew. */
export function BudgetItem({ budget, href }: BudgetItemProps) {
  const next = describeNext(budget);
  return (
    <li className="grid gap-x-6 gap-y-2 border-line border-t p-4 first:border-t-0 md:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]">
      <div className="flex min-w-0 flex-col gap-1">
        <h2 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <PointedLink
            href={href}
            className="min-w-0 break-words underline-offset-2 hover:underline"
          >
            {budget.name}
          </PointedLink>
          {budget.archived_at === null ? (
            <StateBadge state={budget.state} />
          ) : (
            <Badge>Archived</Badge>
          )}
        </h2>
        <p className="text-[13px] text-ink-muted [overflow-wrap:anywhere]">
          {describeBudget(budget)}
        </p>
        {next && budget.archived_at === null && (
          <p className="text-[13px] text-ink-muted">{next}</p>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-1">
        {budget.window === "request" ? (
          <p className="text-[13px]">Each call by itself: nothing is ever used up.</p>
        ) : (
          <BudgetMeter label={budget.name} budget={budget} />
        )}
        <p className="text-[13px] text-ink-muted [overflow-wrap:anywhere]">
          <Window budget={budget} />
          <Nearest budget={budget} />
        </p>
        {listNotes(budget).map((note) => (
          <p key={note} className="text-[13px] text-caution">
            {note}
          </p>
        ))}
      </div>
    </li>
  );
}

/** `per month · starts anew 2026-12-01 00:00 Europe/Berlin`. */
export function Window({ budget }: { budget: BudgetAnswer }) {
  return (
    <>
      {describeWindow(budget.window)}
      {budget.resets_at !== null && (
        <>
          {" · starts anew "}
          <Moment at={budget.resets_at} timeZone={budget.tz} /> {budget.tz}
        </>
      )}
    </>
  );
}

/** Of a budget for many: whose figures these are. */
function Nearest({ budget }: { budget: BudgetAnswer }) {
  const { values_count, nearest_value, nearest_period } = budget;
  // Of the scope session both say the same.
  const names = [...new Set([nearest_value, nearest_period])].filter((name) => name !== null);
  if (budget.value !== "*" && nearest_period === null) return null;
  if (names.length === 0) return <> · nothing spent yet</>;
  return (
    <>
      {" · nearest: "}
      {names.join(", ")}
      {values_count > 1 && ` of ${formatCount(values_count)}`}
    </>
  );
}
