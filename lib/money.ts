/**
 * Money is a bigint of femto-dollars (1e-15 USD) inside and a decimal string outside.
 *
 * Why 1e-15: a price per million tokens has up to 9 decimals, so price x tokens is a whole number of
 * 1e-9 / 1e6 = 1e-15 USD. One cached token of a flex model is 2.5e-9 USD: nano-dollars are too coarse,
 * and a float drifts. The stores keep `Decimal(38,15)` and `numeric`, which hold the same values.
 */
export const USD_FRACTION_DIGITS = 15;
export const FEMTO_PER_USD = 10n ** 15n;

/** A sum of money in femto-dollars (1e-15 USD). */
export type FemtoUsd = bigint;

const ZERO = "0".charCodeAt(0);
const DECIMAL = /^(-?)(\d{1,22})(?:\.(\d+))?$/;

/**
 * Reads a plain decimal string ("0.000045", "12", "-3.5") of US dollars.
 * @returns femto-dollars, or `null` where the text is no plain decimal or has more than 15 fraction digits.
 * Exponents, signs other than a leading minus, blanks and grouping are refused: a price typed as "1e3" is
 * a mistake more often than a thousand.
 */
export function parseUsd(text: string): FemtoUsd | null {
  return parseDecimal(text, USD_FRACTION_DIGITS);
}

/**
 * Reads a plain decimal string as a whole number of `10^-fractionDigits`.
 * @returns `null` where the text is no plain decimal or has more fraction digits than that
 * (trailing zeros past them are harmless and accepted).
 */
export function parseDecimal(text: string, fractionDigits: number): bigint | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > fractionDigits) return null;
  const digits = BigInt((match[2] ?? "0") + fraction.padEnd(fractionDigits, "0"));
  return match[1] === "-" ? -digits : digits;
}

/** Writes femto-dollars as the shortest plain decimal string: no exponent, no trailing zeros ("0", "0.000045"). */
export function formatUsd(femtoUsd: FemtoUsd): string {
  return formatDecimal(femtoUsd, USD_FRACTION_DIGITS);
}

/** Writes a whole number of `10^-fractionDigits` as the shortest plain decimal string. */
export function formatDecimal(value: bigint, fractionDigits: number): string {
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(fractionDigits + 1, "0");
  const point = digits.length - fractionDigits;
  // By hand and not by /0+$/: a call's price has ten of these, and the expression took most of their time.
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end--;
  const whole = sign + digits.slice(0, point);
  return end > point ? `${whole}.${digits.slice(point, end)}` : whole;
}

/**
 * Divides and rounds once, half to even. Halves go to the even neighbour so that many rounded shares
 * do not drift upwards (IEEE 754 roundTiesToEven; also what accountants call banker's rounding).
 * @throws RangeError when the divisor is 0: a failure must never become a 0.
 */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  if (divisor === 0n) throw new RangeError("division by zero");
  const isNegative = dividend < 0n !== divisor < 0n;
  const n = dividend < 0n ? -dividend : dividend;
  const d = divisor < 0n ? -divisor : divisor;
  const quotient = n / d;
  const doubled = (n % d) * 2n;
  const isUp = doubled > d || (doubled === d && quotient % 2n === 1n);
  const rounded = isUp ? quotient + 1n : quotient;
  return isNegative ? -rounded : rounded;
}
