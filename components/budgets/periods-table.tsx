import { listLimits } from "@/components/budgets/budget-words";
import { Titled } from "@/components/states/titled";
import { Card } from "@/components/ui/card";
import { Moment } from "@/components/ui/moment";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { BudgetPeriodAnswer, WholeBudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { formatCount, formatExactUsd } from "@/lib/format";

/** How the periods before came out, with the limits as they stood then. */
export function PeriodsTable({ budget }: { budget: WholeBudgetAnswer }) {
  const { history, tz } = budget;
  const isOfMany = budget.value === "*";
  return (
    <Card aria-label="Periods before" className="overflow-hidden">
      <Titled
        title="Periods before"
        description={
          history.length === 0
            ? "This is the first."
            : isOfMany
              ? "Of each, who came nearest."
              : "Latest first, with the limits as they stood at each one's end."
        }
      >
        {history.length > 0 && (
          <Table label="Periods before this one">
            <TableHeader>
              <TableRow>
                <TableHead className="pl-4">From</TableHead>
                <TableHead>To</TableHead>
                {isOfMany && <TableHead>Nearest</TableHead>}
                <TableHead className="text-right">Used</TableHead>
                <TableHead className="text-right">Spent</TableHead>
                <TableHead className="pr-4">Limit</TableHead>
              </TableRow>
            </TableHeader>
            <TableBody>
              {history.map((period) => (
                <TableRow key={period.from}>
                  <TableHead scope="row" className="pl-4 font-normal">
                    <Moment at={period.from} timeZone={tz} />
                  </TableHead>
                  <TableCell>
                    <Moment at={period.to} timeZone={tz} />
                  </TableCell>
                  {isOfMany && (
                    <TableCell className="max-w-52 truncate" title={period.value ?? undefined}>
                      {period.value}
                      {period.values_count > 1 && ` of ${formatCount(period.values_count)}`}
                    </TableCell>
                  )}
                  <TableCell className="figures">{formatCount(period.used_percent)} %</TableCell>
                  <TableCell className="figures" title={formatExactUsd(period.spent.usd)}>
                    {(period.unknown_costs > 0 || period.counted_from !== null) && "at least "}
                    {spentOf(period)}
                  </TableCell>
                  <TableCell className="pr-4">{listLimits(period).join(" or ")}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </Titled>
    </Card>
  );
}

/** What was spent of each limit there was. */
function spentOf({ spent, ...limits }: BudgetPeriodAnswer): string {
  return listLimits({
    limit_usd: limits.limit_usd && spent.usd,
    limit_tokens: limits.limit_tokens && spent.tokens,
    limit_calls: limits.limit_calls && spent.calls,
    limit_tool_calls: limits.limit_tool_calls && spent.tool_calls,
    limit_seconds: limits.limit_seconds && spent.seconds,
  }).join(", ");
}
