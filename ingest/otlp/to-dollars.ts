import type { OtlpValue } from "@/ingest/otlp/otlp-records";
import { divideHalfEven, type FemtoUsd, USD_FRACTION_DIGITS } from "@/lib/money";

const DECIMAL = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i;
/** Nobody writes an amount in so many characters: what is longer would only take time. */
const LONGEST = 100;
/** More than anybody ever paid for a call: it is no amount of dollars. */
const DEAREST_FEMTO = 10n ** 24n;

/**
 * A cost that a client reports, as money: text digit by digit, a number by the shortest decimal that means it. Clients add
 * floats up (0.005261999999999999), so what stands behind the 15th digit is rounded once, half to even.
 * @returns femto-dollars of 0 or more; null for what is no amount (negative, words, 1e308)
 */
export function toDollars(cost: OtlpValue): FemtoUsd | null {
  const text = typeof cost === "number" || typeof cost === "string" ? String(cost).trim() : "";
  const match = text.length > LONGEST ? null : DECIMAL.exec(text);
  if (!match) return null;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const power = Number(exponent) - fraction.length + USD_FRACTION_DIGITS;
  const digits = BigInt(whole + fraction);
  const femto =
    power >= 0 ? digits * 10n ** BigInt(power) : divideHalfEven(digits, 10n ** BigInt(-power));
  return femto < DEAREST_FEMTO ? femto : null;
}
