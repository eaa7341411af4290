import { isAdditive, type Metric, metricValue } from "@/components/spend/metric";
import { rowNames, type SpendAnswer, type SpendRow } from "@/components/spend/spend-answer";
import { lineKey } from "@/components/spend/spend-line";
import { type Change, compareFigures } from "@/lib/change";

/** How an answer's rows stand against the earlier answer of the same question. */
export interface TableChanges {
  changeOf: (names: readonly (string | null)[]) => Change | null;
  /** Rows that were there and are not now. */
  gone: SpendRow[];
  /** Of all that is in no row, so that rows and rest add up to the total's change. */
  rest: Change | null;
  total: Change | null;
}

/**
 * Compares two answers row by row. A row that one of them lacks is new or gone only where that answer has all rows:
 * behind a limit it may well be there.
 */
export function prepareChanges(
  now: SpendAnswer,
  before: SpendAnswer,
  dimensions: readonly string[],
  metric: Metric,
): TableChanges {
  const keyOf = (row: SpendRow) => lineKey(rowNames(row, dimensions));
  const earlier = new Map(before.rows.map((row) => [keyOf(row), row]));
  const present = new Map(now.rows.map((row) => [keyOf(row), row]));
  const gone = now.rest === null ? before.rows.filter((row) => !present.has(keyOf(row))) : [];
  const changes = new Map<string, Change | null>();
  for (const row of now.rows) {
    const old = earlier.get(keyOf(row));
    const isKnown = old !== undefined || before.rest === null;
    const value = metricValue(row, metric);
    const change = isKnown
      ? compareFigures(value, old ? metricValue(old, metric) : null, { wasThere: Boolean(old) })
      : null;
    changes.set(keyOf(row), change);
  }
  for (const row of gone) {
    const change = compareFigures(null, metricValue(row, metric), { isThere: false });
    changes.set(keyOf(row), change);
  }
  const total = compareFigures(metricValue(now.total, metric), metricValue(before.total, metric));
  return {
    changeOf: (names) => changes.get(lineKey(names)) ?? null,
    gone,
    rest: isAdditive(metric) ? restOf(now, before, total, [...changes]) : null,
    total,
  };

  function restOf(
    { rest }: SpendAnswer,
    { total: totalBefore }: SpendAnswer,
    whole: Change | null,
    listed: readonly [string, Change | null][],
  ): Change | null {
    if (rest === null || whole === null || listed.some(([, change]) => change === null))
      return null;
    const difference = listed.reduce(
      (left, [, change]) => left - (change?.difference ?? 0n),
      whole.difference,
    );
    const known = listed.reduce((sum, [key]) => {
      const old = earlier.get(key);
      return sum + ((old && metricValue(old, metric)) ?? 0n);
    }, 0n);
    const old = (metricValue(totalBefore, metric) ?? 0n) - known;
    return compareFigures(old + difference, old);
  }
}

/** The changes of several lines in one, for a metric that adds up; null where one of them is unknown. */
export function sumChanges(
  lines: readonly { value: bigint | null; change: Change | null }[],
): Change | null {
  if (lines.some(({ change }) => change === null)) return null;
  const difference = lines.reduce((sum, { change }) => sum + (change?.difference ?? 0n), 0n);
  const now = lines.reduce((sum, { value }) => sum + (value ?? 0n), 0n);
  return compareFigures(now, now - difference);
}
