import { z } from "zod";
import { EXACT_VALUES } from "@/db/clickhouse/latency";
import type { MeasureName, measuresRow } from "@/db/clickhouse/measures";

const usd = z.string().nullable();
const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative().nullable();

/** The figures of a sum. All of them are there, unless `figures` asked for some. */
export const figuresSchema = z
  .object({
    cost_usd: usd.meta({
      description:
        "Sum of the known costs, a decimal string. null: nothing is known. Where `unpriced_calls` or `partial_calls` is not 0 it is a lower bound.",
    }),
    calls: count.meta({ description: "Events of type llm." }),
    input_tokens: count
      .nullable()
      .meta({ description: "null: there were calls, none with usage." }),
    cache_read_tokens: count.nullable(),
    cache_write_tokens: count.nullable(),
    output_tokens: count.nullable(),
    reasoning_tokens: count.nullable(),
    errors: count.meta({ description: "Failed events of type llm." }),
    retries: count.nullable().meta({
      description:
        "Events of type llm that were a second attempt or a later one. null: not known of days that expired before retries were counted.",
    }),
    retry_cost_usd: usd.meta({
      description:
        "Sum of the known costs of `retries`. null: nothing is known. Where `unpriced_retries` is not 0 it is a lower bound.",
    }),
    unpriced_retries: count.nullable().meta({ description: "Retries whose cost is unknown." }),
    unpriced_calls: count.meta({ description: "Events whose cost is unknown." }),
    partial_calls: count.meta({ description: "Events of which only a part has a price." }),
    p50_duration_ms: milliseconds.meta({
      description: "Of type llm: exact up to 128 calls, then within 1 %.",
    }),
    p95_duration_ms: milliseconds,
    p50_ttft_ms: milliseconds,
    p95_ttft_ms: milliseconds,
  })
  .partial();

export type SpendFigures = z.input<typeof figuresSchema>;

type Measures = z.output<typeof measuresRow>;

const RETRIES = ["retries", "retryCostUsd", "unknownRetryCosts"] as const;
const TOKENS = ["calls", "withUsage"] as const;
/** A bin is within 0.5 % of the true value: digits past the third would be made up. */
const BIN_DIGITS = 3;

/** Each figure: the measures it takes, and how it is read from them. */
const FIGURES = {
  cost_usd: { measures: ["costUsd", "unknownCosts"], read: readCost },
  calls: { measures: ["calls"], read: (m) => m.calls },
  input_tokens: { measures: [...TOKENS, "inputTokens"], read: (m) => tokens(m, m.inputTokens) },
  cache_read_tokens: {
    measures: [...TOKENS, "cacheReadTokens"],
    read: (m) => tokens(m, m.cacheReadTokens),
  },
  cache_write_tokens: {
    measures: [...TOKENS, "cacheWriteTokens"],
    read: (m) => tokens(m, m.cacheWriteTokens),
  },
  output_tokens: { measures: [...TOKENS, "outputTokens"], read: (m) => tokens(m, m.outputTokens) },
  reasoning_tokens: {
    measures: [...TOKENS, "reasoningTokens"],
    read: (m) => tokens(m, m.reasoningTokens),
  },
  errors: { measures: ["errors"], read: (m) => m.errors },
  retries: { measures: ["retries"], read: (m) => m.retries },
  retry_cost_usd: { measures: [...RETRIES], read: readRetryCost },
  unpriced_retries: {
    measures: ["retries", "unknownRetryCosts"],
    read: (m) => (m.retries === null ? null : m.unknownRetryCosts),
  },
  unpriced_calls: { measures: ["unknownCosts"], read: (m) => m.unknownCosts },
  partial_calls: { measures: ["partialCosts"], read: (m) => m.partialCosts },
  p50_duration_ms: { measures: ["durationMs"], read: (m) => percentile(m.durationMs, 0) },
  p95_duration_ms: { measures: ["durationMs"], read: (m) => percentile(m.durationMs, 1) },
  p50_ttft_ms: { measures: ["ttftMs"], read: (m) => percentile(m.ttftMs, 0) },
  p95_ttft_ms: { measures: ["ttftMs"], read: (m) => percentile(m.ttftMs, 1) },
} as const satisfies Record<
  string,
  { measures: readonly MeasureName[]; read: (m: Measures) => string | number | null | undefined }
>;

type FigureName = keyof typeof FIGURES;
export const FIGURE_NAMES = Object.keys(FIGURES) as FigureName[];

/** True for a figure of a sum. */
export function isFigure(name: string): name is FigureName {
  return Object.hasOwn(FIGURES, name);
}

/** What the store has to add up for these figures. */
export function measuresOf(figures: readonly string[]): MeasureName[] {
  return [...new Set(figures.filter(isFigure).flatMap((name) => FIGURES[name].measures))];
}

/** Reads figures from the store's sums. */
export function toFigures(measures: Measures, figures: readonly string[]): SpendFigures {
  return Object.fromEntries(
    figures.filter(isFigure).map((name) => [name, FIGURES[name].read(measures)]),
  );
}

/** The sums of no event at all: a known nothing. */
export const NO_MEASURES: Measures = {
  costUsd: "0",
  unknownCosts: 0,
  partialCosts: 0,
  calls: 0,
  errors: 0,
  retries: 0,
  retryCostUsd: "0",
  unknownRetryCosts: 0,
  withUsage: 0,
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  durationMs: [null, null, 0],
  ttftMs: [null, null, 0],
};

/**
 * The known sum. Where some costs are unknown and all known ones are 0 (inner nodes of a trace cost
 * nothing by design), nothing is known of the money: that is null, because "$0 at least" reads as free.
 */
function readCost({ costUsd, unknownCosts }: Measures): string | null {
  return unknownCosts > 0 && costUsd === "0" ? null : costUsd;
}

/** The known cost of retries, by the same rule; unknown where it is unknown which calls were retries. */
function readRetryCost({ retries, retryCostUsd, unknownRetryCosts = 0 }: Measures) {
  if (retries === null) return null;
  return unknownRetryCosts > 0 && retryCostUsd === "0" ? null : retryCostUsd;
}

/** Tokens of calls of which none reported usage are unknown, not 0; without any call they are 0. */
function tokens({ calls = 0, withUsage = 0 }: Measures, sum: number | undefined): number | null {
  return calls > 0 && withUsage === 0 ? null : (sum ?? null);
}

function percentile(values: Measures["durationMs"], place: 0 | 1): number | null {
  const value = values?.[place];
  if (!values || value == null) return null;
  return values[2] <= EXACT_VALUES ? value : Number(value.toPrecision(BIN_DIGITS));
}
