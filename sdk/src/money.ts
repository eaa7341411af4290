/** Dollars as a whole number of 1e-15: sums of them are exact. */
export type FemtoUsd = bigint;

const FRACTION_DIGITS = 15;

/** Reads a plain decimal of US dollars; null: it is none, or has more than 15 fraction digits. */
export function parseUsd(text: string): FemtoUsd | null {
  const match = /^(-?)(\d{1,22})(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > FRACTION_DIGITS) return null;
  const digits = BigInt(`${match[2]}${fraction.padEnd(FRACTION_DIGITS, "0")}`);
  return match[1] ? -digits : digits;
}

/** Writes the shortest plain decimal. */
export function formatUsd(usd: FemtoUsd): string {
  const digits = (usd < 0n ? -usd : usd).toString().padStart(FRACTION_DIGITS + 1, "0");
  const point = digits.length - FRACTION_DIGITS;
  const fraction = digits.slice(point).replace(/0+$/, "");
  const whole = `${usd < 0n ? "-" : ""}${digits.slice(0, point)}`;
  return fraction ? `${whole}.${fraction}` : whole;
}
