import { FEMTO_PER_USD, formatDecimal } from "@/lib/money";

/** What a chart counts: femto-dollars (1e-15 USD), plain counts, millionths of a whole, or microseconds. */
export type ChartUnit = "usd" | "count" | "share" | "duration";

/** A value axis: round ticks from 0 up, written exactly and all in one unit. */
export interface ValueAxis {
  ticks: { value: bigint; label: string }[];
  /** Top of the axis: the last tick. */
  max: bigint;
}

const TARGET_TICKS = 4n;

interface Scale {
  /** In use from this many of the unit's integers on. */
  from: bigint;
  /** Decimal places that its numbers are moved by. */
  digits: number;
  suffix: string;
}

/** Widest first; the last one is for everything below. */
const SCALES: Record<ChartUnit, readonly [...Scale[], Scale]> = {
  usd: [
    { from: 10n ** 24n, digits: 24, suffix: "B" },
    { from: 10n ** 21n, digits: 21, suffix: "M" },
    { from: 10n ** 18n, digits: 18, suffix: "K" },
    { from: 0n, digits: 15, suffix: "" },
  ],
  count: [
    { from: 10n ** 9n, digits: 9, suffix: "B" },
    { from: 10n ** 6n, digits: 6, suffix: "M" },
    { from: 10n ** 3n, digits: 3, suffix: "K" },
    { from: 0n, digits: 0, suffix: "" },
  ],
  share: [{ from: 0n, digits: 4, suffix: " %" }],
  duration: [
    { from: 10n ** 6n, digits: 6, suffix: " s" },
    { from: 0n, digits: 3, suffix: " ms" },
  ],
};

/** How far an axis of nothing reaches: $1, 4, 100 % and 1 s. */
const EMPTY_TOP: Record<ChartUnit, bigint> = {
  usd: FEMTO_PER_USD,
  count: TARGET_TICKS,
  share: 1_000_000n,
  duration: 1_000_000n,
};

/**
 * Chooses a step of 1, 2 or 5 times a power of ten that gives at most five ticks, and labels them on
 * integers: no tick reads `$0.30000000000000004`.
 * @param max largest value drawn, in the unit's own integer
 */
export function prepareAxis(max: bigint, unit: ChartUnit): ValueAxis {
  const step = niceStep(max > 0n ? max : EMPTY_TOP[unit]);
  const count = max > 0n ? (max + step - 1n) / step : 1n;
  const top = count * step;
  const label = labeller(top, step, unit);
  const ticks = [];
  for (let value = 0n; value <= top; value += step) ticks.push({ value, label: label(value) });
  return { ticks, max: top };
}

/** Where a value stands, as a float: for pixels only, never for a printed number. */
export function toPixelValue(value: bigint, unit: ChartUnit): number {
  return unit === "usd" ? Number(value) / Number(FEMTO_PER_USD) : Number(value);
}

function niceStep(max: bigint): bigint {
  const rough = (max + TARGET_TICKS - 1n) / TARGET_TICKS;
  const power = 10n ** BigInt(rough.toString().length - 1);
  for (const factor of [1n, 2n, 5n]) {
    if (factor * power >= rough) return factor * power;
  }
  return 10n * power;
}

function labeller(top: bigint, step: bigint, unit: ChartUnit): (value: bigint) => string {
  const sign = unit === "usd" ? "$" : "";
  const { digits, suffix } = SCALES[unit].find(({ from }) => top >= from) ?? {
    digits: 0,
    suffix: "",
  };
  const decimals = decimalsOf(formatDecimal(step, digits));
  return (value) => {
    if (value === 0n) return `${sign}0`;
    // Dividing by 1,000 is moving the point by three places: still exact.
    const [whole = "0", fraction = ""] = formatDecimal(value, digits).split(".");
    const text = decimals > 0 ? `${whole}.${fraction.padEnd(decimals, "0")}` : whole;
    return `${sign}${text}${suffix}`;
  };
}

function decimalsOf(text: string): number {
  return text.split(".")[1]?.length ?? 0;
}
