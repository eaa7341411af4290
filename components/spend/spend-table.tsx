"use client";

import { type SortingState, useTable } from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, useMemo, useState } from "react";
import { dimensionLabel, dimensionPlural } from "@/components/filters/dimensions";
import type { ColumnId } from "@/components/spend/column-ids";
import { ColumnMenu } from "@/components/spend/column-menu";
import { isAdditive } from "@/components/spend/metric";
import { sumChanges } from "@/components/spend/prepare-changes";
import { listSpendColumns, spendTableFeatures } from "@/components/spend/spend-columns";
import type { SpendLine } from "@/components/spend/spend-line";
import { SpendTableRow } from "@/components/spend/spend-table-row";
import { sumFigures } from "@/components/spend/sum-figures";
import { SumRow } from "@/components/spend/sum-row";
import type { TableView } from "@/components/spend/use-spend-view";
import { Button } from "@/components/ui/button";
import { CardTitle } from "@/components/ui/card";
import {
  Table,
  TableBody,
  TableCell,
  TableFooter,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCount } from "@/lib/format";

interface SpendTableProps {
  view: TableView;
  curves: ReadonlyMap<string, readonly (bigint | null)[]>;
  isComparing: boolean;
  columns: readonly ColumnId[];
  onColumns: (ids: ColumnId[]) => void;
  sort: { id: string; desc: boolean };
  onSort: (sort: { id: string; desc: boolean }) => void;
  highlighted: number | null;
  onHighlight: (layer: number | null) => void;
  onFilter: (names: readonly (string | null)[]) => void;
  /** Begins a budget for a line; null where nothing in it can be capped. */
  onCap: ((line: SpendLine) => void) | null;
  /** Address of the calls behind a line. */
  callsHref: (names: readonly (string | null)[]) => string;
  /** Address of the tree of the session that a line names; null where it names none. */
  sessionHref: (names: readonly (string | null)[]) => string | null;
}

/** Rows drawn at once; more come on demand, for a thousand rows make a slow page. */
const PAGE_ROWS = 100;

/** Every group with its figures; the footer is the answer's own total, the same number as the card. */
export const SpendTable = memo(function SpendTable(props: SpendTableProps) {
  const { view, curves, isComparing, sort, onHighlight } = props;
  const { dimensions, lines, rest, total, changes } = view;
  const { metric } = view.question;
  const [shownRows, setShownRows] = useState(PAGE_ROWS);
  const sorting = useMemo<SortingState>(() => [sort], [sort]);
  const isWaiting = isComparing && changes === null;
  const columns = useMemo(
    () => listSpendColumns({ metric, ids: props.columns, isComparing, isWaiting, curves }),
    [metric, props.columns, isComparing, isWaiting, curves],
  );
  const table = useTable({
    features: spendTableFeatures,
    columns,
    data: lines,
    state: { sorting },
    enableSortingRemoval: false,
    onSortingChange: (update) => {
      const [next] = typeof update === "function" ? update(sorting) : update;
      if (next) props.onSort(next);
    },
  });
  const rows = table.getRowModel().rows;
  const hidden = rows.slice(shownRows).map((row) => row.original);
  const sum = { columns, metric, span: dimensions.length };
  const [first = "", second] = dimensions;
  const by = dimensions.map(dimensionLabel).join(" and ");

  return (
    <>
      <div className="flex items-center justify-between gap-2 py-2 pr-3 pl-4">
        <CardTitle>
          All {dimensionPlural(first)}
          {second === undefined ? "" : ` by ${dimensionLabel(second).toLowerCase()}`}
        </CardTitle>
        <ColumnMenu shown={props.columns} onChoose={props.onColumns} />
      </div>
      <Table label={`Spend by ${by}`} onPointerLeave={() => onHighlight(null)}>
        <TableHeader>
          <TableRow>
            {dimensions.map((dimension, index) => (
              <TableHead key={dimension} className={index === 0 ? STICKY_HEAD : undefined}>
                {dimensionLabel(dimension)}
              </TableHead>
            ))}
            {table.getHeaderGroups()[0]?.headers.map((header) => (
              <TableHead
                key={header.id}
                aria-sort={
                  header.column.getCanSort() ? ariaSort(header.column.getIsSorted()) : undefined
                }
                className="figures text-right"
              >
                {header.column.getCanSort() ? (
                  <button
                    type="button"
                    onClick={header.column.getToggleSortingHandler()}
                    className="-mx-1.5 inline-flex min-h-6 items-center gap-1 rounded-sm px-1.5 hover:text-ink"
                  >
                    <SortArrow direction={header.column.getIsSorted()} />
                    <table.FlexRender header={header} />
                  </button>
                ) : (
                  <table.FlexRender header={header} />
                )}
              </TableHead>
            ))}
            <TableHead>
              <span className="sr-only">Cap it, and calls behind it</span>
            </TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.slice(0, shownRows).map((row) => (
            <SpendTableRow key={row.id} {...props} dimensions={dimensions} line={row.original}>
              {row.getAllCells().map((cell) => (
                <TableCell
                  key={cell.id}
                  className="figures"
                  title={cell.column.columnDef.meta?.exact(row.original.figures)}
                >
                  <table.FlexRender cell={cell} />
                </TableCell>
              ))}
            </SpendTableRow>
          ))}
          {hidden.length > 0 && (
            <SumRow
              {...sum}
              name={`${formatCount(hidden.length)} more below`}
              figures={sumFigures(hidden.map((line) => line.figures))}
              change={isAdditive(metric) ? sumChanges(hidden) : null}
            />
          )}
          {rest && (
            <SumRow
              {...sum}
              name={`All other ${formatCount(rest.calls)} calls`}
              figures={rest}
              change={changes?.rest ?? null}
            />
          )}
        </TableBody>
        <TableFooter>
          <SumRow {...sum} isTotal name="Total" figures={total} change={changes?.total ?? null} />
        </TableFooter>
      </Table>
      {rows.length > shownRows && (
        <div className="flex items-center justify-between gap-3 border-line border-t px-4 py-2 text-[13px] text-ink-muted">
          {formatCount(shownRows)} of {formatCount(rows.length)} shown; the total covers all
          <Button size="small" onClick={() => setShownRows(rows.length)}>
            Show all
          </Button>
        </div>
      )}
    </>
  );
});

const STICKY_HEAD = "sticky left-0 z-10 bg-page pl-4";

function SortArrow({ direction }: { direction: false | "asc" | "desc" }) {
  if (direction === false) return null;
  const Icon = direction === "asc" ? ArrowUp : ArrowDown;
  return <Icon aria-hidden="true" className="size-3.5" />;
}

function ariaSort(direction: false | "asc" | "desc"): "ascending" | "descending" | "none" {
  if (direction === false) return "none";
  return direction === "asc" ? "ascending" : "descending";
}
