"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useRef,
} from "react";
import type { TreeRow } from "@/components/traces/flatten-tree";
import { isTreeKey, moveActive } from "@/components/traces/move-active";
import { cn } from "@/components/ui/cn";

const ROW_HEIGHT = 36;
const HEAD_HEIGHT = 36;
/** Rows drawn beyond both edges: so far a wheel turns before the next drawing. */
const OVERSCAN = 8;

export interface TreeColumn {
  name: string;
  /** Of head and cells alike: alignment, and the widths of the grid that it is hidden in. */
  className?: string;
  /** Instead of the name in the head: an axis. */
  head?: ReactNode;
}

interface TreeGridProps {
  label: string;
  rows: readonly TreeRow[];
  columns: readonly TreeColumn[];
  /** Tailwind's columns of head and rows. */
  template: string;
  /** Where the keyboard stands, a step's place. */
  active: number | null;
  selected: number | null;
  onActive: (index: number) => void;
  onExpand: (index: number, isExpanded: boolean) => void;
  onOpen: (index: number) => void;
  /** Escape. */
  onClose: () => void;
  /** The cells of a row, one a column; stable as long as what they show is the same. */
  renderRow: (row: TreeRow) => ReactNode;
}

/**
 * A tree as rows, of which only those in sight are drawn: thousands of steps scroll like forty. The focus stays on the grid
 * and names the row it means (`aria-activedescendant`): a row that is scrolled away cannot lose it.
 */
export function TreeGrid(props: TreeGridProps) {
  const { rows, columns, template, active, selected, renderRow } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const activeAt = rows.findIndex(({ index }) => index === active);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (at) => rows[at]?.index ?? at,
    overscan: OVERSCAN,
    // The head stands over the first of the rows in sight.
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  const scrollTo = useCallback(
    (at: number) => {
      if (at >= 0) virtualizer.scrollToIndex(at, { align: "auto" });
    },
    [virtualizer],
  );
  useEffect(() => scrollTo(activeAt), [activeAt, scrollTo]);
  const items = virtualizer.getVirtualItems();
  // A row out of sight is not there to be named.
  const isDrawn = items.some(({ index }) => index === activeAt);

  return (
    <div
      ref={scroller}
      className="@container max-h-[max(24rem,70dvh)] overflow-y-auto overflow-x-hidden"
    >
      {/* The elements of a table, laid out as a list. */}
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA in HTML makes tree grids of tables.
        role="treegrid"
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={isDrawn ? `${id}-${active}` : undefined}
        // The grid is where the keyboard is; its rows are named, not focused.
        tabIndex={0}
        onKeyDown={(event) => act(event, props)}
        onClick={(event) => point(event, props)}
        className="group block text-[13px] outline-none"
      >
        <thead className="sticky top-0 z-10 block border-line border-b bg-page text-ink-muted">
          <tr aria-rowindex={1} className={cn("grid h-9 items-center gap-x-3 px-3", template)}>
            {columns.map(({ name, className, head }) => (
              <th
                key={name}
                scope="col"
                className={cn("min-w-0 truncate text-left font-medium", className)}
              >
                {head ?? name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody style={{ height: virtualizer.getTotalSize() }} className="relative block">
          {items.map(({ index: at, start }) => {
            const row = rows[at];
            if (!row) return null;
            return (
              <GridRow
                key={row.index}
                id={`${id}-${row.index}`}
                row={row}
                at={at}
                top={start - HEAD_HEIGHT}
                template={template}
                isActive={row.index === active}
                isSelected={row.index === selected}
                renderRow={renderRow}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface GridRowProps extends Pick<TreeGridProps, "template" | "renderRow"> {
  id: string;
  row: TreeRow;
  /** Its place among the rows. */
  at: number;
  /** In pixels from the first one. */
  top: number;
  isActive: boolean;
  isSelected: boolean;
}

/** Drawn once as long as nothing of it changes: a wheel turn draws the rows that come into sight, and no others. */
const GridRow = memo(function GridRow(props: GridRowProps) {
  const { id, row, at, top, template, isActive, isSelected, renderRow } = props;
  return (
    <tr
      id={id}
      aria-rowindex={at + 2}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-expanded={row.isExpanded ?? undefined}
      aria-selected={isSelected}
      data-index={row.index}
      data-active={isActive || undefined}
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT }}
      className={cn(
        "absolute inset-x-0 top-0 grid cursor-pointer items-center gap-x-3 border-line border-b px-3 hover:bg-surface aria-selected:bg-accent-soft",
        "group-focus-visible:data-active:outline-2 group-focus-visible:data-active:outline-focus group-focus-visible:data-active:-outline-offset-2",
        template,
      )}
    >
      {renderRow(row)}
    </tr>
  );
});

function act(event: KeyboardEvent, props: TreeGridProps): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    props.onClose();
    return;
  }
  const move = moveActive(props.rows, props.active, event.key);
  if (move !== null || isTreeKey(event.key)) event.preventDefault();
  if (move?.kind === "go") props.onActive(move.index);
  if (move?.kind === "expand") props.onExpand(move.index, move.isExpanded);
  if (move?.kind === "open") props.onOpen(move.index);
}

/** A click on the arrow opens or closes the branch, elsewhere on the row it shows the step. */
function point(event: MouseEvent, props: TreeGridProps): void {
  if (!(event.target instanceof Element)) return;
  const index = Number(
    event.target.closest<HTMLElement>("[data-index]")?.dataset.index ?? Number.NaN,
  );
  const row = props.rows.find((candidate) => candidate.index === index);
  if (!row) return;
  props.onActive(index);
  if (event.target.closest("[data-toggle]") && row.isExpanded !== null) {
    props.onExpand(index, !row.isExpanded);
  } else props.onOpen(index);
}
