import { z } from "zod";
import { latency, percentilesRow } from "@/db/clickhouse/latency";

/** A decimal of the store, as text. */
const usd = z.string().regex(/^-?\d+(\.\d+)?$/);
/**
 * A count. Sums run in 128 bits inside the engine, so none can wrap; past 2^53 a JSON number holds the
 * nearest double, which no real sum of tokens reaches.
 */
const count = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/)]).transform(Number);
/** A second attempt of a call, or a later one. */
const IS_RETRY = "type = 'llm' AND attempt > 1";
/**
 * What is added up. `inner` makes one value (or mergeable states) of a cell of calls, `rolled` the same of rollup
 * rows; `outer` merges cells. `column` is where `calls_rollup` keeps the value: `stored` makes it of calls, `restored`
 * of rollup rows. What is one number is the same in each. `merge` is how numbers of several cells become one, where it
 * is not their sum.
 *
 * Money and tokens add up all events; what is named after calls (calls, errors, latency) counts `llm` only:
 * an agent's span lasts as long as all calls under it. A cost that is unknown counts nothing here and 1 in
 * `unknownCosts`.
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
  // Sums of sealed days from before retries were counted do not know them: then nobody knows the whole.
  retries: {
    column: "retries",
    inner: `countIf(${IS_RETRY})`,
    merge: "if(count(?) = count(), ifNull(sum(?), 0), NULL)",
    outer: "if(count(?) = count(), ifNull(sum(?), 0), NULL)",
    row: count.nullable(),
  },
  retryCostUsd: {
    column: "retry_cost_usd",
    inner: `sumIf(cost_usd, ${IS_RETRY})`,
    outer: "ifNull(sum(?), 0)",
    row: usd,
  },
  unknownRetryCosts: {
    column: "unknown_retry_costs",
    inner: `countIf(${IS_RETRY} AND isNull(cost_usd))`,
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
  durationMs: { ...latency("durationMs", "duration_ms", "duration_ms"), row: percentilesRow },
  ttftMs: {
    ...latency("ttftMs", "ttft_ms", "time_to_first_token_ms"),
    row: percentilesRow,
  },
} as const;

export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];
/** Measures whose cells hold bins, some KB, not a number. */
export const SKETCHES: readonly MeasureName[] = ["durationMs", "ttftMs"];
/** Measures that are one number a cell: all that is kept of people. */
export const NUMBERS = MEASURE_NAMES.filter((name) => !SKETCHES.includes(name));

/** The measures of a row; one that was not asked for is absent. */
export const measuresRow = z.object({
  costUsd: MEASURES.costUsd.row,
  unknownCosts: MEASURES.unknownCosts.row,
  partialCosts: count.optional(),
  calls: count.optional(),
  errors: count.optional(),
  retries: MEASURES.retries.row.optional(),
  retryCostUsd: usd.optional(),
  unknownRetryCosts: count.optional(),
  withUsage: count.optional(),
  inputTokens: count.optional(),
  cacheReadTokens: count.optional(),
  cacheWriteTokens: count.optional(),
  outputTokens: count.optional(),
  reasoningTokens: count.optional(),
  durationMs: percentilesRow.optional(),
  ttftMs: percentilesRow.optional(),
});

/** Aggregates of one cell, each in a column `m_<measure>`, a latency in three. */
export function innerMeasures(names: readonly MeasureName[]): string {
  return names
    .map((name) => {
      const measure = MEASURES[name];
      return "rolled" in measure ? measure.inner : `${measure.inner} AS m_${name}`;
    })
    .join(", ");
}

/** Cells merged, named after the measure. */
export function outerMeasures(names: readonly MeasureName[]): string {
  return names
    .map((name) => {
      const measure = MEASURES[name];
      return "rolled" in measure
        ? measure.outer
        : `${measure.outer.replaceAll("?", `m_${name}`)} AS ${name}`;
    })
    .join(", ");
}

/** What `innerMeasures` makes of calls, made of rollup rows: the same names, types and values. */
export function rolledMeasures(names: readonly MeasureName[]): string {
  return names
    .map((name) => {
      const measure = MEASURES[name];
      return "rolled" in measure
        ? measure.rolled
        : `${mergedNumber(name, measure.column)} AS m_${name}`;
    })
    .join(", ");
}

/** SQL: numbers of several cells in one. @param of where they are */
export function mergedNumber(name: MeasureName, of: string): string {
  const measure = MEASURES[name];
  return ("merge" in measure ? measure.merge : "sum(?)").replaceAll("?", of);
}

/** The rollup's columns of these measures, in their order. */
export function measureColumns(names: readonly MeasureName[]): string {
  return names.map((name) => MEASURES[name].column).join(", ");
}

/** Values of `measureColumns`, made of calls. */
export function storedMeasures(names: readonly MeasureName[]): string {
  return names
    .map((name) => {
      const measure = MEASURES[name];
      return "stored" in measure ? measure.stored : measure.inner;
    })
    .join(", ");
}

/**
 * One cell of calls or of rollup rows for `mergeCells`, each measure in a column `m_<measure>`. It is not finished in the
 * engine: a statement without a second level, over one table, is planned in a third of the time.
 */
export function cellMeasures(names: readonly MeasureName[], isRolled: boolean): string {
  return names
    .map((name) => {
      const measure = MEASURES[name];
      if ("cellOfRows" in measure) {
        return `${isRolled ? measure.cellOfRows : measure.cellOfCalls} AS m_${name}`;
      }
      return `${isRolled ? mergedNumber(name, measure.column) : measure.inner} AS m_${name}`;
    })
    .join(", ");
}

/** Values of `measureColumns`, made of rollup rows. */
export function restoredMeasures(names: readonly MeasureName[]): string {
  return names
    .map((name) => {
      const measure = MEASURES[name];
      return "restored" in measure ? measure.restored : mergedNumber(name, measure.column);
    })
    .join(", ");
}
