"use client";

import {
  createColumnHelper,
  createSortedRowModel,
  metaHelper,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/react-table";
import { Sparkline } from "@/components/charts/sparkline";
import type { ColumnId } from "@/components/spend/column-ids";
import { baseMetric, type Metric } from "@/components/spend/metric";
import { exactFigure, printFigure, sortableFigure } from "@/components/spend/print-figure";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { SpendChange } from "@/components/spend/spend-change";
import { lineKey, type SpendLine } from "@/components/spend/spend-line";
import { SpendShare } from "@/components/spend/spend-share";

interface SpendColumnMeta {
  /** A sum's text, for the footer and for rows of several lines; empty where a sum has none. */
  total: (figures: SpendFigures) => string;
  /** The exact figure, on hover. */
  exact: (figures: SpendFigures) => string | undefined;
}

export const spendTableFeatures = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  columnMeta: metaHelper<SpendColumnMeta>(),
});

const helper = createColumnHelper<typeof spendTableFeatures, SpendLine>();

export const COLUMN_LABELS: Record<ColumnId, string> = {
  cost: "Cost",
  calls: "Calls",
  tokens: "Tokens",
  input: "Tokens in",
  cached: "Cached",
  written: "Cache written",
  output: "Tokens out",
  reasoning: "Reasoning",
  "call-cost": "Cost per call",
  "token-cost": "Per 1,000 tokens",
  "error-rate": "Error rate",
  retries: "Retries",
  "retry-cost": "Cost of retries",
  "retry-rate": "Retry rate",
  p50: "p50 latency",
  p95: "p95 latency",
  ttft50: "p50 first token",
  ttft95: "p95 first token",
  unpriced: "Unpriced",
  errors: "Errors",
};

const NOTHING = { total: () => "", exact: () => undefined };

interface ColumnChoice {
  metric: Metric;
  ids: readonly ColumnId[];
  isComparing: boolean;
  /** The comparison is on its way. */
  isWaiting: boolean;
  curves: ReadonlyMap<string, readonly (bigint | null)[]>;
}

/** The columns right of the name. Sorting compares exact integers, never printed text. */
export function listSpendColumns({ metric, ids, isComparing, isWaiting, curves }: ColumnChoice) {
  const shown = ids.includes(metric) ? ids : [metric, ...ids];
  return helper.columns([
    helper.display({
      id: "trend",
      header: "Trend",
      cell: ({ row }) => {
        const curve = curves.get(lineKey(row.original.names));
        return curve ? <Sparkline values={curve} slot={row.original.slot} /> : null;
      },
      meta: NOTHING,
    }),
    helper.accessor((line) => line.base ?? -1n, {
      id: "share",
      header: shareLabel(metric),
      cell: ({ row }) => <SpendShare line={row.original} />,
      sortFn: (one, two) => compare(one.original.base ?? -1n, two.original.base ?? -1n),
      sortDescFirst: true,
      meta: NOTHING,
    }),
    ...(isComparing
      ? [
          helper.accessor((line) => line.change?.difference ?? 0n, {
            id: "change",
            header: "Change",
            cell: ({ row }) =>
              isWaiting ? "…" : <SpendChange change={row.original.change} metric={metric} />,
            sortFn: (one, two) =>
              compare(one.original.change?.difference ?? 0n, two.original.change?.difference ?? 0n),
            sortDescFirst: true,
            meta: NOTHING,
          }),
        ]
      : []),
    ...shown.map((id) =>
      helper.accessor((line) => sortableFigure(line.figures, id), {
        id,
        header: COLUMN_LABELS[id],
        cell: ({ row }) => printFigure(row.original.figures, id),
        sortFn: (one, two) =>
          compare(
            sortableFigure(one.original.figures, id),
            sortableFigure(two.original.figures, id),
          ),
        sortDescFirst: true,
        meta: {
          total: (figures) => printFigure(figures, id),
          exact: (figures) => exactFigure(figures, id),
        },
      }),
    ),
  ]);
}

function shareLabel(metric: Metric): string {
  const base = baseMetric(metric);
  return base === metric ? "Share" : `Share of ${base}`;
}

function compare(one: bigint, two: bigint): number {
  if (one === two) return 0;
  return one < two ? -1 : 1;
}
