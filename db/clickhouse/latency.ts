import { z } from "zod";

/**
 * Percentiles of a column of milliseconds, as SQL.
 *
 * Up to 128 values are kept as they are, and their percentiles are exact, between two values in proportion
 * (PERCENTILE_CONT): bins of five calls would give the fourth for the 95th percentile, which is a fifth off.
 * Past that, values are counted in bins that are 1 % wide: a percentile is within 0.5 % of a value that was sent.
 * Counts of bins are added up, so cells merge in any order to the same digits, which rollups by bucket need. The
 * engine's reservoir and t-digest depend on the order, its exact states grow with the calls, and its sketch of this
 * kind (`quantilesDD`) takes three times as long to be read back from a table.
 */
export const EXACT_VALUES = 128;

/** Bin 0 is everything below a microsecond, the last one everything above 115 days. */
const MIN_MS = 0.001;
const MAX_MS = 10_000_000_000;
/** From one edge to the next; the value that stands for a bin is 0.5 % from both. */
const GROWTH = 1.005 / 0.995;

/** More than the number of the last bin. */
export const BINS = 2 + Math.ceil(Math.log(MAX_MS / MIN_MS) / Math.log(GROWTH));

/** The bin of a value. */
function binOf(ms: string): string {
  return `toUInt16(if(${ms} < ${MIN_MS}, 0, 1 + ceil(log(least(${ms}, toFloat64(${MAX_MS})) / ${MIN_MS}) / ${Math.log(GROWTH)})))`;
}

/** The value that stands for a bin, in ms. */
export function valueOfBin(bin: number): number {
  return bin === 0 ? 0 : ((2 * MIN_MS) / (GROWTH + 1)) * GROWTH ** (bin - 1);
}

/** Bins of both percentiles, exact values of both (or null), how many values there are. */
const merged = z.tuple([
  z.array(z.int()),
  z.array(z.number().nullable()),
  z.union([z.int(), z.string()]).transform(Number),
]);

/** The median and the 95th percentile in ms, null where nothing was measured, and how many values they are of. */
export const percentilesRow = merged.transform(
  ([bins, values, count]): [number | null, number | null, number] => {
    const place = (index: number): number | null => {
      if (count === 0) return null;
      return count <= EXACT_VALUES ? (values[index] ?? null) : valueOfBin(bins[index] ?? 0);
    };
    return [place(0), place(1), count];
  },
);

/**
 * SQL of one latency: `column` is where `calls_rollup` keeps it, `ofCall` the column of a call. It is short on purpose:
 * the engine takes longer to read a long text than to add up a month.
 */
export function latency(name: string, column: string, ofCall: string) {
  // An agent's span lasts as long as all calls under it: only calls are measured.
  const isMeasured = `type = 'llm' AND isNotNull(${ofCall})`;
  const ms = `assumeNotNull(${ofCall})`;
  const cell = (bins: string, counts: string, values: string, count: string) =>
    `quantilesExactWeightedArrayState(0.5, 0.95)(${bins}, ${counts}) AS m_${name}_bins,
    groupArrayArrayState(${EXACT_VALUES})(${values}) AS m_${name}_values, ${count} AS m_${name}_count`;
  const one = (text: string) => `if(${isMeasured}, [${text}], [])`;
  const { bins, counts, values, count } = fieldsOf(column);
  return {
    column,
    inner: cell(one(binOf(ms)), one("toUInt32(1)"), one(ms), `countIf(${isMeasured})`),
    rolled: cell(bins, counts, values, `sum(${count})`),
    outer: `(quantilesExactWeightedArrayMerge(0.5, 0.95)(m_${name}_bins),
      arrayReduce('quantilesExactInclusive(0.5, 0.95)', groupArrayArrayMerge(${EXACT_VALUES})(m_${name}_values)),
      sum(m_${name}_count)) AS ${name}`,
    cellOfCalls: latencyCellSql(
      `countIf(${isMeasured})`,
      `groupArrayIf(${EXACT_VALUES})(${ms}, ${isMeasured})`,
      `quantileExactWeightedStateIf(${binOf(ms)}, toUInt32(1), ${isMeasured})`,
    ),
    cellOfRows: latencyCellSql(
      `sum(${count})`,
      `groupArrayArray(${EXACT_VALUES})(${values})`,
      `quantileExactWeightedArrayState(${bins}, ${counts})`,
    ),
    stored: storedOfCalls(ofCall, binOf(ms), ms, isMeasured),
    restored: `(sum(${count}), if(sum(${count}) <= ${EXACT_VALUES}, groupArrayArray(${EXACT_VALUES})(${values}), []),
      (sumMap(${bins}, ${counts}) AS merged_${column}).1, arrayMap(sum -> toUInt32(sum), merged_${column}.2))`,
  } as const;
}

/**
 * How many values, the values while they are few, and the bins with their counts, as `latencyCell` reads it: in hex what the
 * engine stores of a count by value. Adding arrays up (`sumMap`) takes it three times as long.
 */
function latencyCellSql(count: string, values: string, bins: string): string {
  return `(${count}, if(${count} <= ${EXACT_VALUES}, ${values}, []), hex(${bins}))`;
}

function fieldsOf(column: string) {
  const field = (name: string) => `${column}.${name}`;
  return {
    bins: field("bins"),
    counts: field("counts"),
    values: field("values"),
    count: field("count"),
  };
}

/**
 * How many, the values while they are few, the bins and their counts. Bins are sorted and counted here: the aggregate
 * that does it (`sumMap`) takes ten times as long a call.
 */
function storedOfCalls(ofCall: string, bin: string, ms: string, isMeasured: string): string {
  const count = `countIf(${isMeasured})`;
  const [sorted, lasts] = [`sorted_${ofCall}`, `lasts_${ofCall}`];
  const following = `arrayPopFront(arrayPushBack(${sorted}, toUInt16(65535)))`;
  return `(${count}, if(${count} <= ${EXACT_VALUES}, groupArrayIf(${EXACT_VALUES})(${ms}, ${isMeasured}), []),
    arrayCompact(arraySort(groupArrayIf(${bin}, ${isMeasured})) AS ${sorted}),
    arrayMap((last, before) -> toUInt32(last - before),
      arrayFilter((place, bin, next) -> bin != next, arrayEnumerate(${sorted}), ${sorted}, ${following}) AS ${lasts},
      arrayPopBack(arrayPushFront(${lasts}, 0))))`;
}
