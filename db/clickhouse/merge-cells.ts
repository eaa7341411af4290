import { z } from "zod";
import { type LatencyCell, latencyCell, mergeLatencies } from "@/db/clickhouse/latency-cells";
import type { MeasureName, measuresRow } from "@/db/clickhouse/measures";
import { formatUsd } from "@/lib/money";

const usd = z.string().nullable();
const count = z.union([z.int().nonnegative(), z.string()]);

/** Columns of a cell, as `cellMeasures` makes them; a measure that was not asked for is absent. */
export const cellColumns = {
  m_costUsd: usd,
  m_unknownCosts: count,
  m_partialCosts: count.optional(),
  m_calls: count.optional(),
  m_errors: count.optional(),
  m_retries: count.nullable().optional(),
  m_retryCostUsd: usd.optional(),
  m_unknownRetryCosts: count.optional(),
  m_withUsage: count.optional(),
  m_inputTokens: count.optional(),
  m_cacheReadTokens: count.optional(),
  m_cacheWriteTokens: count.optional(),
  m_outputTokens: count.optional(),
  m_reasoningTokens: count.optional(),
  m_durationMs: latencyCell.optional(),
  m_ttftMs: latencyCell.optional(),
} satisfies Record<`m_${MeasureName}`, z.ZodType>;
type Cell = z.output<z.ZodObject<typeof cellColumns>>;
type Measures = z.output<typeof measuresRow>;

/**
 * The measures of several cells together, to the digit what the engine makes of them (`outerMeasures`): money and counts
 * are added as whole numbers of any size.
 * @param names what the cells hold
 */
export function mergeCells(cells: readonly Cell[], names: readonly MeasureName[]): Measures {
  const merged: Record<string, unknown> = {};
  for (const name of names) {
    merged[name] = mergeMeasure(
      name,
      cells.map((cell) => cell[`m_${name}`]),
    );
  }
  // What the row's schema says of each name is what `mergeMeasure` makes of it.
  return merged as Measures;
}

/** What these cells leave of one that holds them: numbers only. */
export function restOfCells(
  whole: Cell,
  parts: readonly Cell[],
  names: readonly MeasureName[],
): NumberColumns {
  const rest: Record<string, string> = {};
  for (const name of names) {
    const column = `m_${name}` as const;
    if (isUsd(name)) {
      const usd = (cell: Cell) => toFemto(String(cell[column] ?? "0"));
      rest[column] = formatUsd(parts.reduce((left, part) => left - usd(part), usd(whole)));
    } else {
      const count = (cell: Cell) => BigInt(String(cell[column] ?? "0"));
      rest[column] = String(parts.reduce((left, part) => left - count(part), count(whole)));
    }
  }
  return rest;
}

type NumberColumns = Partial<
  Record<Exclude<keyof typeof cellColumns, "m_durationMs" | "m_ttftMs">, string>
>;

const isUsd = (name: MeasureName): boolean => name === "costUsd" || name === "retryCostUsd";

function mergeMeasure(name: MeasureName, values: readonly Cell[keyof Cell][]): unknown {
  if (isUsd(name)) {
    return formatUsd(values.reduce((sum, value) => sum + toFemto(String(value ?? "0")), 0n));
  }
  if (name === "durationMs" || name === "ttftMs") {
    return mergeLatencies(values.filter((value): value is LatencyCell => Array.isArray(value)));
  }
  if (values.length === 1) return values[0] === null ? null : Number(values[0]);
  // Null is the number of retries of a time when they were not counted: then nobody knows the whole.
  if (values.includes(null)) return null;
  return Number(values.reduce((sum, value) => sum + BigInt(String(value)), 0n));
}

const FRACTION_DIGITS = 15;

/** Any sum of the store's in 1e-15 dollars: it can have more digits than an amount that is sent. */
export function toFemto(usd: string): bigint {
  const [whole = "0", fraction = ""] = usd.split(".");
  return BigInt(`${whole}${fraction.padEnd(FRACTION_DIGITS, "0")}`);
}
