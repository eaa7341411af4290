import { seriesColour } from "@/components/charts/palette";
import { type CostStep, type CostTree, durationOf } from "@/components/traces/cost-tree";
import type { TreeRow } from "@/components/traces/flatten-tree";
import { NameCell } from "@/components/traces/name-cell";
import { cssPercent, listTicks, placeInTime } from "@/components/traces/place-bars";
import { StepCost } from "@/components/traces/step-cost";
import type { TreeColumn } from "@/components/traces/tree-grid";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/lib/format";

const WIDE_ONLY = "@max-2xl:hidden text-right";
/** Ticks at most, the first one apart: their words must not touch. */
const MOST_TICKS = 5;
/** Past it the words of a tick would be cut. */
const LAST_TICK = 0.9;

export const TIME_TEMPLATE =
  "grid-cols-[minmax(0,5fr)_minmax(0,6fr)] @2xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_5.5rem_5rem]";

/** The columns of a timeline; the head of the bars is their axis. */
export function timeColumns(tree: CostTree): readonly TreeColumn[] {
  return [
    { name: "Step" },
    { name: "From the beginning to the end", head: <TimeAxis tree={tree} /> },
    { name: "Duration", className: WIDE_ONLY },
    { name: "Cost", className: WIDE_ONLY },
  ];
}

function TimeAxis({ tree }: { tree: CostTree }) {
  const span = tree.endMs - tree.startMs;
  return (
    <span className="relative block h-5 text-xs">
      {listTicks(span, MOST_TICKS)
        .filter((atMs) => atMs === 0 || atMs / span < LAST_TICK)
        .map((atMs, place) => (
          <span
            key={atMs}
            style={{ left: cssPercent(span <= 0 ? 0 : atMs / span) }}
            className={cn(
              "tabular absolute top-0 whitespace-nowrap border-line border-l pl-1 font-normal",
              // Half of them on a phone.
              place % 2 === 1 && "@max-2xl:hidden",
            )}
          >
            {sayTick(atMs)}
          </span>
        ))}
    </span>
  );
}

/** `2 min`, where a duration reads `2 min 0 s`. */
function sayTick(atMs: number): string {
  if (atMs === 0) return "0";
  return formatDuration(atMs)
    .replace(/ 0 (s|min|h)$/, "")
    .replace(/\.0+(?= s$)/, "");
}

interface TimeCellsProps {
  row: TreeRow;
  step: CostStep;
  tree: CostTree;
  isAside: boolean;
  /** Colour of its agent; null is Other's. */
  slot: number | null;
}

/** A row of the waterfall: when it began and how long it took. */
export function TimeCells({ row, step, tree, isAside, slot }: TimeCellsProps) {
  const bar = placeInTime(step, tree);
  return (
    <>
      <NameCell row={row} step={step} isAside={isAside} hasMarks={false} />
      <td className="relative h-full min-w-0">
        <span className="sr-only">
          {formatDuration(step.startMs - tree.startMs)} after the beginning
        </span>
        {bar && (
          <span
            aria-hidden="true"
            title={`Began after ${formatDuration(step.startMs - tree.startMs)}, took ${formatDuration(durationOf(step))}`}
            style={{
              left: cssPercent(bar.from),
              width: `max(${cssPercent(bar.length)}, 3px)`,
              background: step.isFailed ? "var(--danger)" : seriesColour(slot),
            }}
            className={cn(
              "absolute rounded-[3px]",
              // What only holds others is thin: the work in it stands out.
              step.children.length > 0 ? "top-1/2 h-1 -translate-y-1/2 opacity-70" : "inset-y-2",
            )}
          />
        )}
      </td>
      <td className={cn("tabular", WIDE_ONLY)}>{formatDuration(durationOf(step))}</td>
      <td className={WIDE_ONLY}>
        <StepCost usd={step.totalUsd} isAtLeast={step.isAtLeast} />
      </td>
    </>
  );
}
