import { USD_FRACTION_DIGITS } from "@/lib/money";

/** A sum of the store's, which can have more digits than an amount that is sent, in 1e-15 dollars. */
export function toFemto(usd: string): bigint {
  const [whole = "0", fraction = ""] = usd.split(".");
  return BigInt(`${whole}${fraction.padEnd(USD_FRACTION_DIGITS, "0")}`);
}
