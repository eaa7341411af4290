"use client";

import type { ReactNode } from "react";
import { dimensionLabel, dimensionPlural, UNTAGGED } from "@/components/filters/dimensions";
import type { Mover } from "@/components/spend/prepare-movers";
import { SpendChange } from "@/components/spend/spend-change";
import { type MoversInput, useMovers } from "@/components/spend/use-movers";
import { Panel } from "@/components/states/panel";
import { useLast } from "@/components/states/use-last";
import { CardDescription, CardTitle } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { compareFigures } from "@/lib/change";
import { formatCostSum, formatExactUsd } from "@/lib/format";
import { formatUsd } from "@/lib/money";
import type { ChangeParts } from "@/lib/spend/decompose-change";
import { describeRange } from "@/lib/time-range";

/** The panel's skeleton has the height of six movers. */
const MOVERS_HEIGHT = 360;

interface MoversPanelProps extends MoversInput {
  onFilter: (name: string | null) => void;
}

const PARTS: { id: keyof ChangeParts; label: string; why: string }[] = [
  { id: "volume", label: "Volume", why: "More or fewer calls, at what a call cost before" },
  { id: "modelMix", label: "Model mix", why: "Other models, or more calls to some of them" },
  { id: "tokensPerCall", label: "Tokens per call", why: "Longer or shorter calls of each model" },
  {
    id: "price",
    label: "Price",
    why: "What a token cost: rates, and the shares of cached, input and output tokens",
  },
  { id: "other", label: "Other", why: "Costs without a model call, such as tools" },
];

/** Who moved against the comparison, and what moved them; the parts of a line add up to its change. */
export function MoversPanel(props: MoversPanelProps) {
  const { scope, group, comparison, onFilter } = props;
  const { view, error, retry } = useMovers(props);
  const shown = useLast(view);
  const all = shown ? [shown.whole, ...shown.movers] : [];
  const parts = PARTS.filter(
    ({ id }) => id !== "other" || all.some((mover) => mover.parts.other !== 0n),
  );
  return (
    <Panel
      name="What moved the cost"
      error={error}
      onRetry={retry}
      isCurrent={view !== null}
      skeletonHeight={MOVERS_HEIGHT}
    >
      {shown && (
        <>
          <div className="px-4 pt-3 pb-2">
            <CardTitle>What moved the cost</CardTitle>
            <CardDescription>
              Against {describeRange(comparison.range, scope.timeZone)}. The parts of each line add
              up to its change.
              {!shown.isComplete && " Only the 1,000 dearest models are in the parts."}
            </CardDescription>
          </div>
          <Table label={`What moved the cost by ${dimensionLabel(group)}`}>
            <TableHeader>
              <TableRow>
                <TableHead className="sticky left-0 z-10 bg-page pl-4">
                  {dimensionLabel(group)}
                </TableHead>
                <TableHead className="text-right">Change</TableHead>
                {parts.map(({ id, label, why }) => (
                  <TableHead key={id} title={why} className="text-right">
                    {label}
                  </TableHead>
                ))}
              </TableRow>
            </TableHeader>
            <TableBody>
              <MoverRow mover={shown.whole} parts={parts} isWhole>
                <span className="font-semibold">All {dimensionPlural(group)}</span>
              </MoverRow>
              {shown.movers.map((mover) => (
                <MoverRow key={mover.name ?? UNTAGGED} mover={mover} parts={parts}>
                  <button
                    type="button"
                    title={`Show only ${dimensionLabel(group)}: ${mover.name ?? UNTAGGED}`}
                    onClick={() => onFilter(mover.name)}
                    className={cn(
                      "min-h-7 max-w-40 truncate underline-offset-2 hover:underline sm:max-w-72",
                      mover.name === null && "pr-1 text-ink-muted italic",
                    )}
                  >
                    {mover.name ?? UNTAGGED}
                  </button>
                </MoverRow>
              ))}
            </TableBody>
          </Table>
        </>
      )}
    </Panel>
  );
}

interface MoverRowProps {
  mover: Mover;
  parts: typeof PARTS;
  isWhole?: boolean;
  children: ReactNode;
}

function MoverRow({ mover, parts, isWhole = false, children }: MoverRowProps) {
  const { now, before, isThere, wasThere } = mover;
  const [largest = 0n] = parts
    .map(({ id }) => absolute(mover.parts[id]))
    .sort((one, two) => (two > one ? 1 : two < one ? -1 : 0));
  const change = compareFigures(now, before, { isThere, wasThere });
  return (
    <TableRow className={cn(isWhole && "bg-surface")}>
      <TableHead
        scope="row"
        className={cn(
          "sticky left-0 z-10 py-0.5 pl-4 font-normal",
          isWhole ? "bg-surface" : "bg-page",
        )}
      >
        {children}
      </TableHead>
      <TableCell className="figures" title={formatExactUsd(formatUsd(now - before))}>
        <SpendChange change={change} metric="cost" />
      </TableCell>
      {parts.map(({ id }) => (
        <TableCell
          key={id}
          className={cn(
            "figures",
            mover.parts[id] === 0n && "text-ink-muted",
            largest > 0n && absolute(mover.parts[id]) === largest && "font-semibold",
          )}
          title={formatExactUsd(formatUsd(mover.parts[id]))}
        >
          {formatSigned(mover.parts[id])}
        </TableCell>
      ))}
    </TableRow>
  );
}

function formatSigned(femtoUsd: bigint): string {
  const sign = femtoUsd === 0n ? "" : femtoUsd < 0n ? "−" : "+";
  return `${sign}${formatCostSum(formatUsd(absolute(femtoUsd)))}`;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
