import { divideHalfEven, formatUsd, USD_FRACTION_DIGITS } from "@/lib/money";

const DECIMAL = /^(\d+)(?:\.(\d+))?(?:e([+-]\d{1,3}))?$/i;
/** More than anybody ever paid for a call: it is no amount of dollars. */
const DEAREST_FEMTO = 10n ** 24n;

/**
 * A cost that a client reports, as money. Clients add floats up (0.005261999999999999), so what stands behind the 15th
 * digit is rounded once, half to even.
 * @returns a plain decimal of US dollars; null for what is no amount, and for 0, which clients write where they know no
 * price
 */
export function toDollars(cost: number | null): string | null {
  const match = DECIMAL.exec(String(cost));
  if (!match) return null;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const power = Number(exponent) - fraction.length + USD_FRACTION_DIGITS;
  const digits = BigInt(whole + fraction);
  const femto =
    power >= 0 ? digits * 10n ** BigInt(power) : divideHalfEven(digits, 10n ** BigInt(-power));
  return femto > 0n && femto < DEAREST_FEMTO ? formatUsd(femto) : null;
}
