"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo } from "react";
import {
  COMPARED_BY,
  type ComparedLine,
  compareSteps,
  type StepSums,
} from "@/components/traces/compare-sessions";
import type { CostTree } from "@/components/traces/cost-tree";
import { Difference } from "@/components/traces/difference";
import { StepCost } from "@/components/traces/step-cost";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCallCost, formatCount, formatDuration, formatTokens } from "@/lib/format";
import { formatUsd } from "@/lib/money";

const BY = parseAsStringLiteral(COMPARED_BY.map(({ id }) => id))
  .withDefault("agent")
  .withOptions({ history: "push" });
/** What differs least is left out: it explains nothing. */
const MOST_LINES = 100;

/** Where the difference comes from: by agent, by model, or by step. */
export function ComparedSteps({ a, b }: { a: CostTree; b: CostTree }) {
  const [by, setBy] = useQueryState("by", BY);
  const [agent] = COMPARED_BY;
  const { label, nameOf } = COMPARED_BY.find(({ id }) => id === by) ?? agent;
  const lines = useMemo(() => compareSteps(a, b, nameOf), [a, b, nameOf]);
  const hidden = lines.length - MOST_LINES;
  return (
    <Card aria-label={`By ${label.toLowerCase()}`} className="overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3 pb-2">
        <CardTitle>Where from</CardTitle>
        <fieldset className="flex gap-1">
          <legend className="sr-only">Compare by</legend>
          {COMPARED_BY.map(({ id, label: name }) => (
            <Button
              key={id}
              size="small"
              aria-pressed={id === by}
              onClick={() => void setBy(id)}
              className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-link"
            >
              {name}
            </Button>
          ))}
        </fieldset>
      </div>
      <Table label={`Both sessions by ${label.toLowerCase()}`}>
        <TableHeader>
          <TableRow>
            <TableHead className="pl-4">{label}</TableHead>
            <TableHead className="text-right">Cost A</TableHead>
            <TableHead className="text-right">Cost B</TableHead>
            <TableHead className="text-right">Difference</TableHead>
            <TableHead className="text-right">Calls A</TableHead>
            <TableHead className="text-right">Calls B</TableHead>
            <TableHead className="text-right">Tokens A</TableHead>
            <TableHead className="text-right">Tokens B</TableHead>
            <TableHead className="text-right">Time A</TableHead>
            <TableHead className="pr-4 text-right">Time B</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {lines.slice(0, MOST_LINES).map((line) => (
            <Line key={line.name} line={line} />
          ))}
        </TableBody>
      </Table>
      {hidden > 0 && (
        <p className="border-line border-t px-4 py-2.5 text-[13px] text-ink-muted">
          The {formatCount(MOST_LINES)} that differ most, of {formatCount(lines.length)}.
        </p>
      )}
    </Card>
  );
}

function Line({ line }: { line: ComparedLine }) {
  const { name, a, b } = line;
  return (
    <TableRow className="hover:bg-surface">
      <TableHead scope="row" className="pl-4 font-normal">
        <span className="block max-w-40 truncate sm:max-w-80" title={name}>
          {name}
        </span>
      </TableHead>
      <Cost sums={a} />
      <Cost sums={b} />
      <TableCell className="text-right">
        <Difference
          a={a === null ? 0n : a.usd}
          b={b === null ? 0n : b.usd}
          isBurden
          format={(amount) => formatCallCost(formatUsd(amount))}
        />
      </TableCell>
      <TableCell className="figures">{formatCount(a?.calls ?? 0)}</TableCell>
      <TableCell className="figures">{formatCount(b?.calls ?? 0)}</TableCell>
      <TableCell className="figures">{formatTokens(a?.tokens ?? 0)}</TableCell>
      <TableCell className="figures">{formatTokens(b?.tokens ?? 0)}</TableCell>
      <TableCell className="figures">{formatDuration(a?.durationMs ?? 0)}</TableCell>
      <TableCell className="figures pr-4">{formatDuration(b?.durationMs ?? 0)}</TableCell>
    </TableRow>
  );
}

/** A session without any such step says so: that is not the same as free. */
function Cost({ sums }: { sums: StepSums | null }) {
  return (
    <TableCell className="figures">
      {sums === null ? (
        <span className="text-ink-muted">none</span>
      ) : (
        <StepCost usd={sums.usd} isAtLeast={sums.isAtLeast && sums.usd !== null} />
      )}
    </TableCell>
  );
}
