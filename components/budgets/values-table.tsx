"use client";

import { useState } from "react";
import { BudgetMeter, StateBadge } from "@/components/budgets/budget-meter";
import { searchOf } from "@/components/budgets/budget-question";
import { SCOPE_WORDS } from "@/components/budgets/budget-words";
import { useWorkspace } from "@/components/layout/workspace";
import { Titled } from "@/components/states/titled";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { WholeBudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { formatCount } from "@/lib/format";
import { EXPLORE_PATH, withQuery } from "@/lib/paths";

interface ValuesTableProps {
  budget: WholeBudgetAnswer;
  /** Whose burn-down is drawn; null where none is. */
  chosen: string | null;
  /** Draws one's burn-down; null where there is none to draw. */
  onChoose: ((value: string) => void) | null;
}

/** Rows drawn at once: who is near stands first. */
const PAGE_ROWS = 20;

/** Who is near: each value, session or trace with its own meter, the nearest first. */
export function ValuesTable({ budget, chosen, onChoose }: ValuesTableProps) {
  const { timeZone } = useWorkspace();
  const { values, values_count, window } = budget;
  // Of the scope session the value is the session.
  const isOfRuns = (window === "session" || window === "trace") && window !== budget.scope;
  const [shownRows, setShownRows] = useState(PAGE_ROWS);
  const word = SCOPE_WORDS[budget.scope];
  return (
    <Card aria-label="Who is near" className="overflow-hidden">
      <Titled
        title="Who is near"
        description={
          values.length < values_count
            ? `The ${formatCount(values.length)} nearest of ${formatCount(values_count)}.`
            : values.length === 0
              ? "Nothing was spent yet."
              : "Each has the whole limit to itself; the nearest stands first."
        }
      >
        {values.length > 0 && (
          <Table label="Values of this budget">
            <TableHeader>
              <TableRow>
                <TableHead className="pl-4">
                  {word.charAt(0).toUpperCase() + word.slice(1)}
                </TableHead>
                {isOfRuns && <TableHead>{window === "session" ? "Session" : "Trace"}</TableHead>}
                <TableHead className="min-w-44 sm:min-w-64">Spent of the limit</TableHead>
                <TableHead>State</TableHead>
                <TableHead className="pr-4">Last moved</TableHead>
              </TableRow>
            </TableHeader>
            <TableBody>
              {values.slice(0, shownRows).map((one) => {
                const name = one.value ?? budget.value ?? "everything";
                return (
                  <TableRow key={`${one.value} ${one.period}`}>
                    <TableHead scope="row" className="pl-4 font-normal">
                      {onChoose && one.value !== null ? (
                        <button
                          type="button"
                          aria-pressed={one.value === chosen}
                          title={`Draw the burn-down of ${name}`}
                          onClick={() => onChoose(one.value ?? "")}
                          className="block min-h-7 max-w-32 truncate text-left underline-offset-2 sm:max-w-96 hover:underline aria-pressed:font-semibold"
                        >
                          {name}
                        </button>
                      ) : (
                        <PointedLink
                          href={withQuery(EXPLORE_PATH, searchOf(budget, one.value, timeZone))}
                          title={name}
                          className="block max-w-32 truncate sm:max-w-96 underline-offset-2 hover:underline"
                        >
                          {name}
                        </PointedLink>
                      )}
                    </TableHead>
                    {isOfRuns && (
                      <TableCell
                        className="max-w-32 truncate sm:max-w-80"
                        title={one.period ?? undefined}
                      >
                        {one.period ?? "none"}
                      </TableCell>
                    )}
                    <TableCell>
                      <BudgetMeter
                        label={name}
                        budget={{ ...budget, ...one, forecast_usd: null }}
                        shows="nearest"
                      />
                    </TableCell>
                    <TableCell>
                      <StateBadge state={one.state} />
                    </TableCell>
                    <TableCell className="pr-4">
                      <Moment at={one.changed_at} timeZone={timeZone} />
                    </TableCell>
                  </TableRow>
                );
              })}
            </TableBody>
          </Table>
        )}
        {values.length > shownRows && (
          <div className="border-line border-t px-4 py-2.5">
            <Button size="small" onClick={() => setShownRows(values.length)}>
              Show all {formatCount(values.length)}
            </Button>
          </div>
        )}
      </Titled>
    </Card>
  );
}
