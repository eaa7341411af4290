"use client";

import { type SortingState, useTable } from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ListTree } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useMemo, useState } from "react";
import { SeriesDot } from "@/components/charts/series-dot";
import { dimensionLabel, UNTAGGED } from "@/components/filters/dimensions";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { spendColumns, spendTableFeatures } from "@/components/spend/spend-columns";
import type { SpendLine } from "@/components/spend/spend-line";
import { sumFigures } from "@/components/spend/sum-figures";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
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
  group: string;
  lines: SpendLine[];
  /** What the answer's limit left out. */
  rest: SpendFigures | null;
  total: SpendFigures;
  sort: { id: string; desc: boolean };
  onSort: (sort: { id: string; desc: boolean }) => void;
  highlighted: number | null;
  onHighlight: (layer: number | null) => void;
  onFilter: (name: string | null) => void;
  /** Address of the calls behind a line. */
  callsHref: (name: string | null) => string;
}

/** Rows drawn at once; more come on demand, for a thousand rows make a slow page. */
const PAGE_ROWS = 100;

/** Every group with its figures; the footer is the answer's own total, the same number as the card. */
export function SpendTable(props: SpendTableProps) {
  const { group, lines, rest, total, sort, onHighlight } = props;
  const [shownRows, setShownRows] = useState(PAGE_ROWS);
  const sorting = useMemo<SortingState>(() => [sort], [sort]);
  const table = useTable({
    features: spendTableFeatures,
    columns: spendColumns,
    data: lines,
    state: { sorting },
    enableSortingRemoval: false,
    onSortingChange: (update) => {
      const [next] = typeof update === "function" ? update(sorting) : update;
      if (next) props.onSort(next);
    },
  });
  const rows = table.getRowModel().rows;
  const hidden = rows.slice(shownRows);

  return (
    <>
      <Table label={`Spend by ${dimensionLabel(group)}`} onPointerLeave={() => onHighlight(null)}>
        <TableHeader>
          <TableRow>
            <TableHead className="sticky left-0 z-10 bg-page pl-4">
              {dimensionLabel(group)}
            </TableHead>
            {table.getHeaderGroups()[0]?.headers.map((header) => (
              <TableHead
                key={header.id}
                aria-sort={ariaSort(header.column.getIsSorted())}
                className="figures text-right"
              >
                <button
                  type="button"
                  onClick={header.column.getToggleSortingHandler()}
                  className="-mx-1.5 inline-flex min-h-6 items-center gap-1 rounded-sm px-1.5 hover:text-ink"
                >
                  <SortArrow direction={header.column.getIsSorted()} />
                  <table.FlexRender header={header} />
                </button>
              </TableHead>
            ))}
            <TableHead>
              <span className="sr-only">Calls behind it</span>
            </TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.slice(0, shownRows).map((row) => (
            <SpendTableRow key={row.id} {...props} line={row.original}>
              {row.getAllCells().map((cell) => (
                <TableCell
                  key={cell.id}
                  className="figures"
                  title={cell.column.columnDef.meta?.exact?.(row.original.figures)}
                >
                  <table.FlexRender cell={cell} />
                </TableCell>
              ))}
            </SpendTableRow>
          ))}
          {hidden.length > 0 && (
            <SumRow
              name={`${formatCount(hidden.length)} more below`}
              figures={sumFigures(hidden.map((row) => row.original.figures))}
            />
          )}
          {rest && <SumRow name={`All other ${formatCount(rest.calls)} calls`} figures={rest} />}
        </TableBody>
        <TableFooter>
          <TableRow>
            <TableHead scope="row" className="sticky left-0 bg-surface pl-4 font-semibold">
              Total
            </TableHead>
            {spendColumns.map((column) => (
              <TableCell key={column.id} className="figures" title={column.meta?.exact?.(total)}>
                {column.meta?.total(total)}
              </TableCell>
            ))}
            <TableCell />
          </TableRow>
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
}

function SpendTableRow({
  line,
  group,
  highlighted,
  onHighlight,
  onFilter,
  callsHref,
  children,
}: SpendTableProps & { line: SpendLine; children: ReactNode }) {
  const isLit = line.layer !== null && line.layer === highlighted;
  const text = line.name ?? UNTAGGED;
  return (
    <TableRow
      onPointerEnter={() => onHighlight(line.layer)}
      className={cn("group hover:bg-surface", isLit && "bg-surface")}
    >
      <TableHead
        scope="row"
        className={cn(
          "sticky left-0 bg-page py-0.5 pl-4 font-normal group-hover:bg-surface",
          isLit && "bg-surface",
        )}
      >
        <button
          type="button"
          title={`Show only ${dimensionLabel(group)}: ${text}`}
          onClick={() => onFilter(line.name)}
          onFocus={() => onHighlight(line.layer)}
          onBlur={() => onHighlight(null)}
          className={cn(
            "flex min-h-7 max-w-40 items-center gap-2 text-ink underline-offset-2 hover:underline sm:max-w-72",
            line.name === null && "text-ink-muted italic",
          )}
        >
          <SeriesDot slot={line.slot} />
          {/* A slanted last letter leans over its box: room for it, or it is cut. */}
          <span className={cn("truncate", line.name === null && "pr-1")}>{text}</span>
        </button>
      </TableHead>
      {children}
      <TableCell className="py-0.5 pr-3">
        <Button asChild variant="ghost" size="small">
          <Link
            href={callsHref(line.name)}
            aria-label={`Calls of ${text}`}
            title={`Calls of ${text}`}
          >
            <ListTree aria-hidden="true" />
          </Link>
        </Button>
      </TableCell>
    </TableRow>
  );
}

/** Several lines in one, so that what is drawn adds up to the total. */
function SumRow({ name, figures }: { name: string; figures: SpendFigures }) {
  return (
    <TableRow className="text-ink-muted">
      <TableHead scope="row" className="sticky left-0 bg-page pl-4 font-normal">
        {name}
      </TableHead>
      {spendColumns.map((column) => (
        <TableCell key={column.id} className="figures" title={column.meta?.exact?.(figures)}>
          {column.meta?.total(figures)}
        </TableCell>
      ))}
      <TableCell />
    </TableRow>
  );
}

function SortArrow({ direction }: { direction: false | "asc" | "desc" }) {
  if (direction === false) return null;
  const Icon = direction === "asc" ? ArrowUp : ArrowDown;
  return <Icon aria-hidden="true" className="size-3.5" />;
}

function ariaSort(direction: false | "asc" | "desc"): "ascending" | "descending" | "none" {
  if (direction === false) return "none";
  return direction === "asc" ? "ascending" : "descending";
}
