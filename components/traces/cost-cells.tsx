import { type CostStep, type CostTree, durationOf } from "@/components/traces/cost-tree";
import type { TreeRow } from "@/components/traces/flatten-tree";
import { NameCell } from "@/components/traces/name-cell";
import { cssPercent, shareOf } from "@/components/traces/place-bars";
import { StepCost } from "@/components/traces/step-cost";
import type { TreeColumn } from "@/components/traces/tree-grid";
import { cn } from "@/components/ui/cn";
import { formatCount, formatDuration, formatShare, formatTokens } from "@/lib/format";

/** Hidden where the grid is narrow: a phone, or beside a step's panel. */
const WIDE_ONLY = "@max-2xl:hidden text-right";
const WIDEST_ONLY = "@max-4xl:hidden text-right";

export const COST_COLUMNS: readonly TreeColumn[] = [
  { name: "Step" },
  { name: "Cost with all below it", className: "text-right", head: <CostHead /> },
  { name: "Own", className: WIDE_ONLY },
  { name: "Calls", className: WIDEST_ONLY },
  { name: "Tokens in", className: WIDEST_ONLY },
  { name: "Tokens out", className: WIDEST_ONLY },
  { name: "Duration", className: WIDE_ONLY },
];

export const COST_TEMPLATE =
  "grid-cols-[minmax(0,1fr)_6rem] @2xl:grid-cols-[minmax(0,1fr)_15rem_5rem_5rem] @4xl:grid-cols-[minmax(0,1fr)_18rem_5rem_3.5rem_4.5rem_4.5rem_5.5rem]";

function CostHead() {
  return (
    <>
      <span className="@2xl:hidden">Cost</span>
      <span className="@max-2xl:hidden">Cost with all below it</span>
    </>
  );
}

interface CostCellsProps {
  row: TreeRow;
  step: CostStep;
  tree: CostTree;
  isAside: boolean;
  /** It lies on the way of most of the money. */
  isDearest: boolean;
}

/** A row of the tree: the bar is the step's share of the whole session, its dark part what it cost itself. */
export function CostCells({ row, step, tree, isAside, isDearest }: CostCellsProps) {
  return (
    <>
      <NameCell row={row} step={step} isAside={isAside} />
      <td className="flex min-w-0 flex-col justify-center gap-0.5 @2xl:flex-row @2xl:items-center @2xl:gap-3">
        <CostBar step={step} tree={tree} />
        <span
          className={cn(
            "shrink-0 text-right @2xl:order-last @2xl:w-20",
            isDearest && "font-semibold",
            (isAside || step.totalUsd === 0n) && "text-ink-muted",
          )}
        >
          <StepCost usd={step.totalUsd} isAtLeast={step.isAtLeast} />
        </span>
        <span className="tabular w-14 shrink-0 text-right text-ink-muted @max-2xl:hidden">
          {(step.totalUsd ?? 0n) > 0n && formatShare(step.totalUsd ?? 0n, tree.totalUsd ?? 0n)}
        </span>
      </td>
      <td className={cn("text-ink-muted", WIDE_ONLY)}>
        <OwnCost step={step} />
      </td>
      <td className={cn("tabular", WIDEST_ONLY)}>{step.calls > 0 && formatCount(step.calls)}</td>
      <td className={cn("tabular", WIDEST_ONLY)}>
        {step.calls > 0 && formatTokens(step.inputTokens)}
      </td>
      <td className={cn("tabular", WIDEST_ONLY)}>
        {step.calls > 0 && formatTokens(step.outputTokens)}
      </td>
      <td className={cn("tabular", WIDE_ONLY)}>{formatDuration(durationOf(step))}</td>
    </>
  );
}

/** An agent's own cost is nothing, which is no figure worth reading. */
function OwnCost({ step }: { step: CostStep }) {
  if (step.ownUsd === 0n && step.children.length > 0) return null;
  return <StepCost usd={step.ownUsd} isAtLeast={step.node?.cost_status === "partial"} />;
}

/** Drawn below the figure on a phone, beside it elsewhere; the figures say the same. */
function CostBar({ step, tree }: { step: CostStep; tree: CostTree }) {
  const total = shareOf(step.totalUsd, tree.totalUsd);
  const own = shareOf(step.ownUsd, tree.totalUsd);
  return (
    <span
      aria-hidden="true"
      className="order-last flex h-1 min-w-0 shrink-0 overflow-hidden rounded-full bg-surface-strong @2xl:order-first @2xl:h-2.5 @2xl:shrink @2xl:grow"
    >
      <span className="bg-accent" style={{ width: cssPercent(own) }} />
      <span
        className="bg-accent opacity-45"
        style={{ width: cssPercent(Math.max(total - own, 0)) }}
      />
    </span>
  );
}
