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

/** The bin of a value. */
function binOf(ms: string): string {
  return `toUInt16(if(${ms} < ${MIN_MS}, 0, 1 + ceil(log(least(${ms}, toFloat64(${MAX_MS})) / ${MIN_MS}) / ${Math.log(GROWTH)})))`;
}

/** The value that stands for a bin, in ms. */
function midOf(bin: string): string {
  return `if(${bin} = 0, 0, ${(2 * MIN_MS) / (GROWTH + 1)} * pow(${GROWTH}, toInt32(${bin}) - 1))`;
}

/** States that merge: the counted bins, the values while they are few, and a sum that is how many there are. */
function cell(bins: string, counts: string, values: string, count: string): string {
  return `(quantilesExactWeightedArrayState(0.5, 0.95)(${bins}, ${counts}),
    groupArrayArrayState(${EXACT_VALUES})(${values}), ${count})`;
}

/** SQL of one latency: `column` is where `calls_rollup` keeps it, `ofCall` the column of a call. */
export function latency(column: string, ofCall: string) {
  // An agent's span lasts as long as all calls under it: only calls are measured.
  const isMeasured = `type = 'llm' AND isNotNull(${ofCall})`;
  const ms = `assumeNotNull(${ofCall})`;
  const one = (text: string) => `if(${isMeasured}, [${text}], [])`;
  const count = `sum(${column}.count)`;
  // What is kept as values takes part in a sum of bins too.
  const bins = `if(empty(${column}.bins), arrayMap(ms -> ${binOf("ms")}, ${column}.values), ${column}.bins)`;
  const counts = `if(empty(${column}.bins), arrayMap(ms -> toUInt32(1), ${column}.values), ${column}.counts)`;
  const values = `groupArrayArrayMerge(${EXACT_VALUES})(?.2)`;
  return {
    column,
    inner: cell(one(binOf(ms)), one("toUInt32(1)"), one(ms), `countIf(${isMeasured})`),
    rolled: cell(bins, counts, `${column}.values`, count),
    outer: `arrayPushBack(multiIf(sum(?.3) = 0, [nan, nan],
      sum(?.3) <= ${EXACT_VALUES}, arrayReduce('quantilesExactInclusive(0.5, 0.95)', ${values}),
      arrayMap(bin -> ${midOf("bin")}, quantilesExactWeightedArrayMerge(0.5, 0.95)(?.1))), toFloat64(sum(?.3)))`,
    stored: storedOfCalls(ofCall, binOf(ms), ms, isMeasured),
    restored: `(${count}, if(${count} <= ${EXACT_VALUES}, groupArrayArray(${EXACT_VALUES})(${column}.values), []),
      if(${count} <= ${EXACT_VALUES}, [], (sumMap(${bins}, ${counts}) AS merged_${column}).1),
      if(${count} <= ${EXACT_VALUES}, [], arrayMap(sum -> toUInt32(sum), merged_${column}.2)))`,
  } as const;
}

/**
 * How many, the values or the bins, and the bins' counts. Bins are sorted and counted here: the aggregate that
 * does it (`sumMap`) takes ten times as long a call.
 */
function storedOfCalls(ofCall: string, bin: string, ms: string, isMeasured: string): string {
  const count = `countIf(${isMeasured})`;
  const [sorted, lasts] = [`sorted_${ofCall}`, `lasts_${ofCall}`];
  const following = `arrayPopFront(arrayPushBack(${sorted}, toUInt16(65535)))`;
  return `(${count},
    if(${count} <= ${EXACT_VALUES}, groupArrayIf(${EXACT_VALUES})(${ms}, ${isMeasured}), []),
    arrayCompact(if(${count} <= ${EXACT_VALUES}, [], arraySort(groupArrayIf(${bin}, ${isMeasured}))) AS ${sorted}),
    arrayMap((last, before) -> toUInt32(last - before),
      arrayFilter((place, bin, next) -> bin != next, arrayEnumerate(${sorted}), ${sorted}, ${following}) AS ${lasts},
      arrayPopBack(arrayPushFront(${lasts}, 0))))`;
}
