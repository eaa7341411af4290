"use client";

import { useWorkspace } from "@/components/layout/workspace";
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
import type { RefusalAnswer } from "@/lib/budgets/budget-answer-schemas";
import { formatCallCost, formatCount, formatExactUsd, formatQuantity } from "@/lib/format";

const CODES: Readonly<Record<string, string>> = {
  kill_switch: "Kill switch",
  budget_exceeded: "Limit reached",
  budget_locked: "Locked out",
  no_price: "No price",
  no_output_cap: "No output cap",
  missing_tags: "Missing tags",
  rate_limited: "Slowed down",
};

/** What was refused and why, by hour. */
export function RefusalsTable({ refusals }: { refusals: readonly RefusalAnswer[] }) {
  const { timeZone } = useWorkspace();
  const calls = refusals.reduce((sum, one) => sum + one.calls, 0);
  return (
    <Card aria-label="What was refused" className="overflow-hidden">
      <Titled
        title="What was refused"
        description={
          calls === 0
            ? "Nothing in the last 30 days."
            : `${formatQuantity(calls, "call")} in the last 30 days, by hour, latest first.`
        }
      >
        {refusals.length > 0 && (
          <Table label="Refused calls">
            <TableHeader>
              <TableRow>
                <TableHead className="pl-4">Last at</TableHead>
                <TableHead>Why</TableHead>
                <TableHead>Agent</TableHead>
                <TableHead>Feature</TableHead>
                <TableHead>Model</TableHead>
                <TableHead className="text-right">Calls</TableHead>
                <TableHead className="text-right">Would have cost up to</TableHead>
                <TableHead className="pr-4">What they were told</TableHead>
              </TableRow>
            </TableHeader>
            <TableBody>
              {refusals.map((one) => (
                <TableRow
                  key={[
                    one.hour,
                    one.project,
                    one.code,
                    one.value,
                    one.agent,
                    one.feature,
                    one.model,
                  ].join(" ")}
                >
                  <TableHead scope="row" className="pl-4 font-normal">
                    <Moment at={one.last_at} timeZone={timeZone} />
                  </TableHead>
                  <TableCell>{CODES[one.code] ?? one.code}</TableCell>
                  <Name name={one.agent} />
                  <Name name={one.feature} />
                  <Name name={one.model} />
                  <TableCell className="figures">{formatCount(one.calls)}</TableCell>
                  <TableCell className="figures" title={formatExactUsd(one.estimated_usd)}>
                    {formatCallCost(one.estimated_usd)}
                  </TableCell>
                  <TableCell className="max-w-96 truncate pr-4" title={one.message}>
                    {one.message}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </Titled>
    </Card>
  );
}

function Name({ name }: { name: string | null }) {
  return name === null ? (
    <TableCell className="text-ink-muted italic">(untagged)</TableCell>
  ) : (
    <TableCell className="max-w-52 truncate" title={name}>
      {name}
    </TableCell>
  );
}
