import { type FemtoUsd, formatUsd, parseUsd, USD_FRACTION_DIGITS } from "@/lib/money";

/**
 * How numbers look on every screen. Money comes as exact decimal strings and is rounded here once,
 * on integers: a float never decides a printed digit. Three things never look alike: `$0.00` is free,
 * `—` has no known price, and "no data received" is said in words.
 */

/** Shown where a figure is unknown: no price, no usage, no time. Never for a real zero. */
export const UNKNOWN = "—";

const FEMTO_PER_CENT = 10n ** 13n;
const HALF_CENT = FEMTO_PER_CENT / 2n;

/**
 * A sum of money with two decimals: `$1,234,567.89`; `<$0.01` below half a cent but not zero.
 * Rounds half away from zero, so that half a cent shows as a cent and never as free.
 * @param costUsd plain decimal string of US dollars, or null where no price is known.
 */
export function formatCostSum(costUsd: string | null): string {
  const femtoUsd = readUsd(costUsd);
  if (femtoUsd === null) return UNKNOWN;
  if (femtoUsd === 0n) return "$0.00";
  if (absolute(femtoUsd) < HALF_CENT) return femtoUsd < 0n ? "-<$0.01" : "<$0.01";
  return withSign(femtoUsd, formatDigits(absolute(femtoUsd), 2, 2));
}

/**
 * The cost of one call or one unit: from $1 up two decimals; below it three significant digits and at
 * least two decimals (`$0.000123`, `$0.0684`, `$0.50`). Two decimals alone would hide a 1000x difference.
 * @param costUsd plain decimal string of US dollars, or null where no price is known.
 */
export function formatCallCost(costUsd: string | null): string {
  const femtoUsd = readUsd(costUsd);
  if (femtoUsd === null) return UNKNOWN;
  if (femtoUsd === 0n) return "$0.00";
  const amount = absolute(femtoUsd);
  return withSign(femtoUsd, formatDigits(amount, 2, threeSignificantDecimals(amount)));
}

/**
 * The exact decimal as stored, for hover, copy and details: `$4.402973`, `$0`.
 * @param costUsd plain decimal string of US dollars, or null where no price is known.
 */
export function formatExactUsd(costUsd: string | null): string {
  const femtoUsd = readUsd(costUsd);
  if (femtoUsd === null) return "no price known";
  return withSign(femtoUsd, formatUsd(absolute(femtoUsd)));
}

/** A whole number with grouping: `1,234,567`. By hand: the first formatter of `Intl` takes a browser longer than a page's figures. */
export function formatCount(count: number | bigint): string {
  const text = String(typeof count === "number" ? Math.round(count) : count);
  return text.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Narrowest first; the last one is for everything above. */
const COMPACT_UNITS = [
  { size: 1_000n, suffix: "K" },
  { size: 1_000_000n, suffix: "M" },
  { size: 1_000_000_000n, suffix: "B" },
  { size: 1_000_000_000_000n, suffix: "T" },
] as const;

/** Tokens, compact: `999`, `1.2K`, `4.0M`, with the same decimals down a column. The exact value belongs on hover. */
export function formatTokens(tokens: number | null): string {
  if (tokens === null) return UNKNOWN;
  if (tokens < 1_000) return formatCount(tokens);
  const whole = BigInt(Math.round(tokens));
  // What would round to a thousand of a unit is one of the next.
  const unit =
    COMPACT_UNITS.find(({ size }) => tenthsOf(whole, size) < 10_000n) ?? COMPACT_UNITS[3];
  const tenths = tenthsOf(whole, unit.size);
  return `${formatCount(tenths / 10n)}.${tenths % 10n}${unit.suffix}`;
}

/** Rounded half up. */
function tenthsOf(whole: bigint, size: bigint): bigint {
  return (whole * 20n + size) / (size * 2n);
}

/**
 * A part of a whole as a percentage with one decimal: `12.3 %`; `<0.1 %` where it is more than nothing,
 * `>99.9 %` where it is less than all.
 * @param part and `whole` in the same integer unit. Null where the whole is not positive: a share of
 * nothing is not 0 %.
 */
export function formatShare(part: bigint, whole: bigint): string | null {
  if (whole <= 0n) return null;
  const perMille = (part * 2000n + whole) / (whole * 2n);
  if (perMille === 0n && part > 0n) return "<0.1 %";
  if (perMille === 1000n && part < whole) return ">99.9 %";
  return `${perMille / 10n}.${perMille % 10n} %`;
}

/** A duration: `843 ms`, `1.24 s`, `2 min 5 s`, `20 h 11 min`, `3 d 4 h`. Null gives `—`. @param durationMs milliseconds */
export function formatDuration(durationMs: number | null): string {
  if (durationMs === null) return UNKNOWN;
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(seconds / 3_600);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A size: `0 B`, `1.5 KiB`, `10.0 GiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10);
  const unit = Math.min(power, BYTE_UNITS.length - 1);
  const text = unit === 0 ? String(bytes) : (bytes / 1024 ** unit).toFixed(1);
  return `${text} ${BYTE_UNITS[unit]}`;
}

/** `1 call`, `2,040 calls`. */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

function readUsd(costUsd: string | null): FemtoUsd | null {
  if (costUsd === null) return null;
  const femtoUsd = parseUsd(costUsd);
  // A cost we can't read is a fault of ours; a made-up figure would be worse than a broken panel.
  if (femtoUsd === null) throw new RangeError(`not a plain decimal of dollars: ${costUsd}`);
  return femtoUsd;
}

function threeSignificantDecimals(amount: bigint): number {
  if (amount >= 10n ** BigInt(USD_FRACTION_DIGITS)) return 2;
  const leadingZeros = USD_FRACTION_DIGITS - amount.toString().length;
  return Math.min(leadingZeros + 3, USD_FRACTION_DIGITS);
}

/** Rounds half up to `maxDecimals` and drops trailing zeros down to `minDecimals`. */
function formatDigits(amount: bigint, minDecimals: number, maxDecimals: number): string {
  const unit = 10n ** BigInt(USD_FRACTION_DIGITS - maxDecimals);
  const rounded = (amount + unit / 2n) / unit;
  const digits = rounded.toString().padStart(maxDecimals + 1, "0");
  const whole = digits.slice(0, digits.length - maxDecimals);
  const fraction = digits.slice(digits.length - maxDecimals).replace(/0+$/, "");
  return `${groupDigits(whole)}.${fraction.padEnd(minDecimals, "0")}`;
}

function groupDigits(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ",");
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function withSign(femtoUsd: bigint, text: string): string {
  return `${femtoUsd < 0n ? "-" : ""}$${text}`;
}
