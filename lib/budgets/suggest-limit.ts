import { divideHalfEven, FEMTO_PER_USD, type FemtoUsd, formatUsd, parseUsd } from "@/lib/money";

const MONTH_MS = 30n * 86_400_000n;

/**
 * A month's limit from what was spent in a time: at that rate a month comes to so much, and a fifth on top, rounded up to
 * two digits. A guess to begin with, not a figure.
 * @param costUsd decimal string of US dollars; null: not known
 * @returns a decimal string; null where nothing was spent or it is not known
 */
export function suggestLimit(costUsd: string | null, rangeMs: number): string | null {
  const spent: FemtoUsd | null = costUsd === null ? null : parseUsd(costUsd);
  if (spent === null || spent <= 0n || rangeMs < 1) return null;
  const month = divideHalfEven(spent * MONTH_MS * 6n, BigInt(Math.round(rangeMs)) * 5n);
  return formatUsd(roundUp(month));
}

/** To two digits, and to whole cents at the least. */
function roundUp(femtoUsd: FemtoUsd): FemtoUsd {
  const cent = FEMTO_PER_USD / 100n;
  const digits = femtoUsd.toString().length;
  const unit = 10n ** BigInt(Math.max(0, digits - 2));
  const step = unit > cent ? unit : cent;
  return ((femtoUsd + step - 1n) / step) * step;
}
