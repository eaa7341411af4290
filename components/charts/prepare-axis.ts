import { FEMTO_PER_USD, formatDecimal, USD_FRACTION_DIGITS } from "@/lib/money";

/** What a chart counts: money in femto-dollars (1e-15 USD) or plain counts. */
export type ChartUnit = "usd" | "count";

/** A value axis: round ticks from 0 up, written exactly and all in one unit. */
export interface ValueAxis {
  ticks: { value: bigint; label: string }[];
  /** Top of the axis: the last tick. */
  max: bigint;
}

const TARGET_TICKS = 4n;
const SCALES = [
  { factor: 10n ** 9n, suffix: "B" },
  { factor: 10n ** 6n, suffix: "M" },
  { factor: 10n ** 3n, suffix: "K" },
] as const;

/**
 * Chooses a step of 1, 2 or 5 times a power of ten that gives at most five ticks, and labels them on
 * integers: no tick reads `$0.30000000000000004`.
 * @param max largest value drawn, in the unit's own integer (femto-dollars or counts)
 */
export function prepareAxis(max: bigint, unit: ChartUnit): ValueAxis {
  const step = niceStep(max > 0n ? max : unit === "usd" ? FEMTO_PER_USD : TARGET_TICKS);
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
  const one = unit === "usd" ? FEMTO_PER_USD : 1n;
  const digits = unit === "usd" ? USD_FRACTION_DIGITS : 0;
  const sign = unit === "usd" ? "$" : "";
  const scale = SCALES.find(({ factor }) => top >= factor * one);
  // Dividing by 1,000 is moving the point by three places: still exact.
  const shift = scale ? scale.factor.toString().length - 1 : 0;
  const decimals = decimalsOf(formatDecimal(step, digits + shift));
  return (value) => {
    if (value === 0n) return `${sign}0`;
    const [whole = "0", fraction = ""] = formatDecimal(value, digits + shift).split(".");
    const text = decimals > 0 ? `${whole}.${fraction.padEnd(decimals, "0")}` : whole;
    return `${sign}${text}${scale?.suffix ?? ""}`;
  };
}

function decimalsOf(text: string): number {
  return text.split(".")[1]?.length ?? 0;
}
