"use client";

import {
  createColumnHelper,
  createSortedRowModel,
  metaHelper,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/react-table";
import type { SpendFigures } from "@/components/spend/spend-answer";
import type { SpendLine } from "@/components/spend/spend-line";
import { SpendShare } from "@/components/spend/spend-share";
import {
  formatCostSum,
  formatCount,
  formatDuration,
  formatExactUsd,
  formatTokens,
} from "@/lib/format";
import { parseUsd } from "@/lib/money";

interface SpendColumnMeta {
  /** The footer's text, from the answer's own total: nothing is added up here. */
  total: (total: SpendFigures) => string;
  /** The exact figure, on hover. */
  exact?: (figures: SpendFigures) => string;
}

export const spendTableFeatures = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  columnMeta: metaHelper<SpendColumnMeta>(),
});

const helper = createColumnHelper<typeof spendTableFeatures, SpendLine>();

/** The columns right of the name. Sorting compares exact integers, never printed text. */
export const spendColumns = helper.columns([
  helper.accessor((line) => line.value ?? -1n, {
    id: "share",
    header: "Share",
    cell: ({ row }) => <SpendShare line={row.original} />,
    sortFn: (one, two) => compare(one.original.value ?? -1n, two.original.value ?? -1n),
    sortDescFirst: true,
    meta: { total: () => "" },
  }),
  column(
    "cost",
    "Cost",
    (f) => formatCostSum(f.cost_usd),
    (f) => toSortable(f.cost_usd),
    {
      exact: (f) => formatExactUsd(f.cost_usd),
    },
  ),
  countColumn("calls", "Calls", (f) => f.calls),
  tokenColumn("input", "Tokens in", (f) => f.input_tokens),
  tokenColumn("cached", "Cached", (f) => f.cache_read_tokens),
  tokenColumn("output", "Tokens out", (f) => f.output_tokens),
  countColumn("unpriced", "Unpriced", (f) => f.unpriced_calls),
  countColumn("errors", "Errors", (f) => f.errors),
  column(
    "p95",
    "p95 latency",
    (f) => formatDuration(f.p95_duration_ms),
    (f) => BigInt(Math.round(f.p95_duration_ms ?? -1)),
  ),
]);

type SpendColumnId =
  | "cost"
  | "calls"
  | "input"
  | "cached"
  | "output"
  | "unpriced"
  | "errors"
  | "p95";

function column(
  id: SpendColumnId,
  header: string,
  print: (figures: SpendFigures) => string,
  sortable: (figures: SpendFigures) => bigint,
  extra: { exact?: (figures: SpendFigures) => string } = {},
) {
  return helper.accessor((line) => sortable(line.figures), {
    id,
    header,
    cell: ({ row }) => print(row.original.figures),
    sortFn: (one, two) => compare(sortable(one.original.figures), sortable(two.original.figures)),
    sortDescFirst: true,
    meta: { total: print, ...extra },
  });
}

function countColumn(id: SpendColumnId, header: string, read: (figures: SpendFigures) => number) {
  return column(
    id,
    header,
    (f) => formatCount(read(f)),
    (f) => BigInt(read(f)),
  );
}

function tokenColumn(
  id: SpendColumnId,
  header: string,
  read: (figures: SpendFigures) => number | null,
) {
  return column(
    id,
    header,
    (f) => formatTokens(read(f)),
    (f) => BigInt(read(f) ?? -1),
    {
      exact: (f) => exactTokens(read(f)),
    },
  );
}

/** An unknown cost sorts below every known one, free included. */
function toSortable(costUsd: string | null): bigint {
  return costUsd === null ? -1n : (parseUsd(costUsd) ?? -1n);
}

function compare(one: bigint, two: bigint): number {
  if (one === two) return 0;
  return one < two ? -1 : 1;
}

function exactTokens(tokens: number | null): string {
  return tokens === null ? "no usage reported" : formatCount(tokens);
}
