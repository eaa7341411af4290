import type { Bucket } from "@/components/charts/prepare-buckets";
import { prepareStack, type StackModel } from "@/components/charts/prepare-stack";
import { isAdditive, type Metric, metricValue } from "@/components/spend/metric";
import { groupName, type SpendRow } from "@/components/spend/spend-answer";

interface SpendChartInput {
  buckets: readonly Bucket[];
  nowMs: number;
  group: string;
  metric: Metric;
  /** Rows by bucket, of all that was asked for. */
  totalRows: readonly SpendRow[];
  /** Rows by bucket without the filters: where anything was received. */
  receivedRows: readonly SpendRow[];
  /** Rows by bucket and group, of the names drawn. */
  seriesRows: readonly SpendRow[];
  topNames: readonly (string | null)[];
  nameCount: number;
  /** The earlier totals by index of their bucket; absent where nothing is compared. */
  before: ReadonlyMap<number, bigint | null> | undefined;
}

/** Turns Explore's answers into the stack that is drawn. */
export function prepareSpendChart(input: SpendChartInput): StackModel {
  const { metric, group } = input;
  const byName = new Map(input.topNames.map((name) => [name, new Map<number, bigint | null>()]));
  for (const row of input.seriesRows) {
    byName.get(groupName(row, group))?.set(bucketMs(row), metricValue(row, metric));
  }
  return prepareStack({
    buckets: input.buckets,
    nowMs: input.nowMs,
    received: input.receivedRows.map(bucketMs),
    totals: new Map(input.totalRows.map((row) => [bucketMs(row), metricValue(row, metric)])),
    series: [...byName].map(([name, values]) => ({ name, values })),
    nameCount: input.nameCount,
    isRate: !isAdditive(metric),
    before: input.before,
  });
}

function bucketMs(row: SpendRow): number {
  return Date.parse(row.bucket ?? "");
}
