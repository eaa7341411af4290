import { z } from "zod";

/** A decimal of the store, as text. */
const usd = z.string().regex(/^-?\d+(\.\d+)?$/);
/**
 * A count. Sums run in 128 bits inside the engine, so none can wrap; past 2^53 a JSON number holds the
 * nearest double, which no real sum of tokens reaches.
 */
const count = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/)]).transform(Number);
/**
 * The median and the 95th percentile in ms, null where nothing was measured, and how many values they are
 * computed from: past `EXACT_VALUES` they are a sketch's.
 */
const percentiles = z.tuple([z.number().nullable(), z.number().nullable(), count]);

/** So few values are kept beside a sketch (1 KB a cell), because a sketch of few answers with one of them. */
export const EXACT_VALUES = 128;

/** A sketch takes a microsecond for 0 ms, and more than 115 days for 115 days. */
const MIN_SKETCHED_MS = 0.001;
const MAX_SKETCHED_MS = 10_000_000_000;

/**
 * What is added up. `inner` makes one value (or a mergeable state) of a cell of rows; `outer` merges cells.
 * `column` is where `calls_rollup` keeps the value.
 *
 * Money and tokens add up all events; what is named after calls (calls, errors, latency) counts `llm` only:
 * an agent's span lasts as long as all calls under it. A cost that is unknown counts nothing here and 1 in
 * `unknownCosts`.
 *
 * Percentiles are DDSketches: within 0.5 % of the true value, and merged in any order they are the same,
 * which rollups by bucket need. The engine's reservoir and t-digest depend on the order; its bfloat16
 * counts are exact for small numbers, but a cell takes 64 KB where a sketch takes 9.
 * Of five calls a sketch takes the fourth for the 95th percentile, which is a fifth off: up to 128 values are
 * kept as they are, and their percentiles are exact, between two values in proportion (PERCENTILE_CONT).
 */
export const MEASURES = {
  costUsd: { column: "cost_usd", inner: "sum(cost_usd)", outer: "ifNull(sum(?), 0)", row: usd },
  unknownCosts: {
    column: "unknown_costs",
    inner: "countIf(isNull(cost_usd))",
    outer: "sum(?)",
    row: count,
  },
  partialCosts: {
    column: "partial_costs",
    inner: "countIf(cost_status = 'partial')",
    outer: "sum(?)",
    row: count,
  },
  calls: { column: "calls", inner: "countIf(type = 'llm')", outer: "sum(?)", row: count },
  errors: {
    column: "errors",
    inner: "countIf(type = 'llm' AND status = 'error')",
    outer: "sum(?)",
    row: count,
  },
  withUsage: { column: "with_usage", inner: "countIf(has_usage)", outer: "sum(?)", row: count },
  inputTokens: {
    column: "input_tokens",
    inner: "sum(toUInt128(input_tokens))",
    outer: "sum(?)",
    row: count,
  },
  cacheReadTokens: {
    column: "cache_read_tokens",
    inner: "sum(toUInt128(cache_read_tokens))",
    outer: "sum(?)",
    row: count,
  },
  cacheWriteTokens: {
    column: "cache_write_tokens",
    inner: "sum(toUInt128(cache_write_5m_tokens) + cache_write_1h_tokens)",
    outer: "sum(?)",
    row: count,
  },
  outputTokens: {
    column: "output_tokens",
    inner: "sum(toUInt128(output_tokens))",
    outer: "sum(?)",
    row: count,
  },
  reasoningTokens: {
    column: "reasoning_tokens",
    inner: "sum(toUInt128(reasoning_tokens))",
    outer: "sum(?)",
    row: count,
  },
  durationMs: latency("duration_ms", "duration_ms"),
  ttftMs: latency("ttft_ms", "time_to_first_token_ms"),
} as const;

export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];
/** Measures whose cells hold a sketch of some KB, not a number. */
export const SKETCHES: readonly MeasureName[] = ["durationMs", "ttftMs"];

/** The measures of a row; one that was not asked for is absent. */
export const measuresRow = z.object({
  costUsd: MEASURES.costUsd.row,
  unknownCosts: MEASURES.unknownCosts.row,
  partialCosts: count.optional(),
  calls: count.optional(),
  errors: count.optional(),
  withUsage: count.optional(),
  inputTokens: count.optional(),
  cacheReadTokens: count.optional(),
  cacheWriteTokens: count.optional(),
  outputTokens: count.optional(),
  reasoningTokens: count.optional(),
  durationMs: percentiles.optional(),
  ttftMs: percentiles.optional(),
});

/** A sketch of a column of milliseconds, and its first values. One more than is exact tells that there are more. */
function latency(column: string, ofCall: string) {
  const values = `if(type = 'llm', ${ofCall}, NULL)`;
  // A sketch spans so many orders of magnitude and no more; one absurd value would fail every question over it.
  // A call without a latency has none: least(NULL, x) is x.
  const sketched = `if(type = 'llm' AND isNotNull(${ofCall}), if(${ofCall} < ${MIN_SKETCHED_MS}, toFloat64(0), least(${ofCall}, toFloat64(${MAX_SKETCHED_MS}))), NULL)`;
  const first = `groupArrayMerge(${EXACT_VALUES + 1})(?.2)`;
  return {
    column,
    inner: `(quantilesDDState(0.005, 0.5, 0.95)(${sketched}), groupArrayState(${EXACT_VALUES + 1})(${values}))`,
    outer: `arrayPushBack(if(length(${first}) BETWEEN 1 AND ${EXACT_VALUES},
      arrayReduce('quantilesExactInclusive(0.5, 0.95)', ${first}),
      quantilesDDMerge(0.005, 0.5, 0.95)(?.1)), toFloat64(length(${first})))`,
    row: percentiles,
  } as const;
}

/** Aggregates of one cell, named `m_<measure>`. */
export function innerMeasures(names: readonly MeasureName[]): string {
  return names.map((name) => `${MEASURES[name].inner} AS m_${name}`).join(", ");
}

/** Cells merged, named after the measure. */
export function outerMeasures(names: readonly MeasureName[]): string {
  return names
    .map((name) => `${MEASURES[name].outer.replaceAll("?", `m_${name}`)} AS ${name}`)
    .join(", ");
}

/** What `innerMeasures` makes of calls, made of rollup rows: the same names, types and values. */
export function rolledMeasures(names: readonly MeasureName[]): string {
  return names
    .map((name) => {
      const { column } = MEASURES[name];
      const sum = SKETCHES.includes(name)
        ? `(quantilesDDMergeState(0.005, 0.5, 0.95)(${column}.1), groupArrayMergeState(${EXACT_VALUES + 1})(${column}.2))`
        : `sum(${column})`;
      return `${sum} AS m_${name}`;
    })
    .join(", ");
}

/** The rollup's columns of these measures, in their order. */
export function measureColumns(names: readonly MeasureName[]): string {
  return names.map((name) => MEASURES[name].column).join(", ");
}
