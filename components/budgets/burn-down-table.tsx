import type { ReactNode } from "react";
import { sayAmount } from "@/components/budgets/burn-down-words";
import type { BurnDown } from "@/components/budgets/prepare-burn-down";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { BudgetMeasure } from "@/lib/budgets/budget-answer-schemas";
import { formatCostSum, formatExactUsd, UNKNOWN } from "@/lib/format";
import { formatUsd } from "@/lib/money";

interface BurnDownTableProps {
  model: BurnDown;
  measure: BudgetMeasure;
  sayStep: (startMs: number) => string;
  /** Why the counter says something else; shown where it does. */
  children: ReactNode;
}

/** The same figures as a table, latest first, for whoever reads rather than looks. */
export function BurnDownTable({ model, measure, sayStep, children }: BurnDownTableProps) {
  const isApart = model.apart !== null && model.apart !== 0n;
  const past = model.steps.filter(({ state }) => state !== "future").reverse();
  const exact = (amount: bigint | null) =>
    amount !== null && measure === "usd" ? formatExactUsd(formatUsd(amount)) : undefined;
  // Down a column all have the same decimals.
  const say = (amount: bigint | null) => {
    if (amount === null) return UNKNOWN;
    return measure === "usd" ? formatCostSum(formatUsd(amount)) : sayAmount(amount, measure);
  };
  return (
    <details className="rounded-control border border-line">
      <summary className="cursor-pointer px-3 py-2 font-medium text-[13px]">As a table</summary>
      <Table label="Burn-down step by step">
        <TableHeader>
          <TableRow>
            <TableHead>From</TableHead>
            <TableHead className="text-right">Spent in it</TableHead>
            <TableHead className="text-right">Spent by its end</TableHead>
            <TableHead className="text-right">Straight line</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {isApart && (
            <TableRow>
              <TableHead scope="row">Counted, and not in these calls</TableHead>
              <TableCell className="figures" title={exact(model.apart)}>
                {say(model.apart)}
              </TableCell>
              <TableCell className="figures" title={exact(model.current)}>
                {say(model.current)}
              </TableCell>
              <TableCell className="figures">{UNKNOWN}</TableCell>
            </TableRow>
          )}
          {past.map((step) => (
            <TableRow key={step.startMs}>
              <TableHead scope="row" className="tabular font-normal">
                {sayStep(step.startMs)}
                {step.state === "running" && <span className="text-ink-muted"> · so far</span>}
              </TableHead>
              <TableCell className="figures" title={exact(step.spent)}>
                {say(step.spent)}
              </TableCell>
              <TableCell className="figures" title={exact(step.soFar)}>
                {say(step.soFar)}
              </TableCell>
              <TableCell className="figures" title={exact(step.ideal)}>
                {say(step.ideal)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {isApart && (
        <p className="border-line border-t px-3 py-2 text-[13px] text-ink-muted">{children}</p>
      )}
    </details>
  );
}
