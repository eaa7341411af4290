import { type BudgetLimits, countOf, saySeconds, sayUsd } from "@/components/budgets/budget-words";
import type { AmountsAnswer, BudgetMeasure } from "@/lib/budgets/budget-answer-schemas";
import { formatCallCost, formatCount, formatExactUsd } from "@/lib/format";
import { FEMTO_PER_USD, formatUsd, parseUsd } from "@/lib/money";

export type MeasureName = BudgetMeasure;

export interface MeterInput extends BudgetLimits {
  /** null: it is being counted. */
  spent: AmountsAnswer | null;
  reserved: AmountsAnswer | null;
  /** What the period will come to; null: it cannot be said. */
  forecast_usd: string | null;
}

/** One bar: how much of one limit is spent and held. */
export interface Meter {
  measure: MeasureName;
  /** `62 % · $1,240 of $2,000 · $60 held · forecast $2,310`. */
  words: string;
  /** `62 %`. */
  percent: string;
  /** The same to the last digit, for hover. */
  exact: string;
  /** From 0 to 1, for widths only. */
  spentWidth: number;
  heldWidth: number;
  /** Spent and held over the limit in thousandths, to sort by. */
  nearness: bigint;
}

interface Measure {
  measure: MeasureName;
  limit: bigint;
  spent: bigint;
  held: bigint;
  say: (amount: bigint) => string;
  sayExact: (amount: bigint) => string;
  forecast: bigint | null;
}

/** One meter for each limit a budget has, the nearest to its end first. */
export function prepareMeters({ spent, reserved, ...limits }: MeterInput): Meter[] {
  if (spent === null || reserved === null) {
    return listMeasures({ ...limits, spent: NOTHING, reserved: NOTHING }).map(toUncountedMeter);
  }
  return listMeasures({ ...limits, spent, reserved })
    .map(toMeter)
    .sort((one, two) => (two.nearness > one.nearness ? 1 : two.nearness < one.nearness ? -1 : 0));
}

const NOTHING: AmountsAnswer = { usd: "0", tokens: 0, calls: 0, tool_calls: 0, seconds: 0 };

interface CountedInput extends MeterInput {
  spent: AmountsAnswer;
  reserved: AmountsAnswer;
}

function listMeasures({ spent, reserved, forecast_usd, ...limits }: CountedInput): Measure[] {
  const measures: Measure[] = [];
  if (limits.limit_usd !== null) {
    const limit = readUsd(limits.limit_usd);
    measures.push({
      measure: "usd",
      limit,
      spent: readUsd(spent.usd),
      held: readUsd(reserved.usd),
      forecast: forecast_usd === null ? null : readUsd(forecast_usd),
      say: (amount) => sayAmount(amount, limit),
      sayExact: (amount) => formatExactUsd(formatUsd(amount)),
    });
  }
  const counts = [
    { measure: "tokens", limit: limits.limit_tokens, noun: "token" },
    { measure: "calls", limit: limits.limit_calls, noun: "call" },
    { measure: "tool_calls", limit: limits.limit_tool_calls, noun: "tool call" },
  ] as const;
  for (const { measure, limit, noun } of counts) {
    if (limit === null) continue;
    measures.push({
      ...countMeasure(measure, limit, spent, reserved),
      say: (amount) => formatCount(amount),
      sayExact: (amount) => countOf(amount, noun),
    });
  }
  if (limits.limit_seconds !== null) {
    measures.push({
      ...countMeasure("seconds", limits.limit_seconds, spent, reserved),
      say: (amount) => saySeconds(Number(amount)),
      sayExact: (amount) => countOf(amount, "second"),
    });
  }
  return measures;
}

function countMeasure(
  measure: Exclude<MeasureName, "usd">,
  limit: number,
  spent: AmountsAnswer,
  reserved: AmountsAnswer,
) {
  return {
    measure,
    limit: BigInt(Math.round(limit)),
    spent: BigInt(Math.round(spent[measure])),
    held: BigInt(Math.round(reserved[measure])),
    forecast: null,
  };
}

const NOUNS: Readonly<Record<MeasureName, string>> = {
  usd: "",
  tokens: " tokens",
  calls: " calls",
  tool_calls: " tool calls",
  seconds: "",
};

function toMeter({ measure, limit, spent, held, forecast, say, sayExact }: Measure): Meter {
  const percent = sayPercent(spent, limit);
  const parts = [percent, `${say(spent)} of ${say(limit)}${NOUNS[measure]}`];
  if (held > 0n) parts.push(`${say(held)} held`);
  if (forecast !== null) parts.push(`forecast ${say(forecast)}`);
  const spentWidth = widthOf(spent, limit);
  return {
    measure,
    percent,
    words: parts.join(" · "),
    exact: `${sayExact(spent)} spent, ${sayExact(held)} held, limit ${sayExact(limit)}`,
    spentWidth,
    heldWidth: Math.min(1 - spentWidth, widthOf(held, limit)),
    nearness: limit > 0n ? ((spent + held) * 1000n) / limit : 1000n,
  };
}

/** A limit of which nobody knows yet what is spent: that is not nothing. */
function toUncountedMeter({ measure, limit, say, sayExact }: Measure): Meter {
  return {
    measure,
    percent: "—",
    words: `— of ${say(limit)}${NOUNS[measure]}`,
    exact: `what is spent is being counted; limit ${sayExact(limit)}`,
    spentWidth: 0,
    heldWidth: 0,
    nearness: 0n,
  };
}

/**
 * How much of a limit is gone, `62 %`. Rounded down: what is not reached must not read 100 %. Of a limit of nothing
 * everything is gone.
 */
export function sayPercent(part: bigint, whole: bigint): string {
  if (whole <= 0n) return "100 %";
  const percent = (part * 100n) / whole;
  if (percent === 0n && part > 0n) return "<1 %";
  return `${formatCount(percent)} %`;
}

function widthOf(part: bigint, whole: bigint): number {
  if (whole <= 0n) return 1;
  const perTenThousand = Number((part * 10_000n) / whole);
  return Math.max(0, Math.min(1, perTenThousand / 10_000));
}

/** Under ten dollars two decimals would hide what a call takes of it. */
function sayAmount(amount: bigint, limit: bigint): string {
  const usd = formatUsd(amount);
  return limit < 10n * FEMTO_PER_USD ? formatCallCost(usd).replace(/\.00$/, "") : sayUsd(usd);
}

function readUsd(text: string): bigint {
  const femtoUsd = parseUsd(text);
  // A sum that cannot be read is a fault of ours; a made-up one would be worse than a broken panel.
  if (femtoUsd === null) throw new RangeError(`not a plain decimal of dollars: ${text}`);
  return femtoUsd;
}
