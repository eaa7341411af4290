import { UNKNOWN } from "@/lib/format";

/** How a figure stands against an earlier one, in the figure's own integer. */
export interface Change {
  kind: "changed" | "same" | "new" | "gone";
  /** Now minus before. */
  difference: bigint;
  /** Its size against the earlier figure, `12 %`; null where that was nothing. */
  share: string | null;
}

/**
 * Holds a figure against an earlier one, on integers.
 * @param wasThere false where there was nothing at all before: then it is new and has no percentage
 * @param isThere false where there is nothing at all now
 * @returns null where one of the two is unknown
 */
export function compareFigures(
  now: bigint | null,
  before: bigint | null,
  { isThere = true, wasThere = true } = {},
): Change | null {
  if (!wasThere) return now === null ? null : { kind: "new", difference: now, share: null };
  if (!isThere) return before === null ? null : { kind: "gone", difference: -before, share: null };
  if (now === null || before === null) return null;
  const difference = now - before;
  if (difference === 0n) return { kind: "same", difference, share: null };
  return { kind: "changed", difference, share: formatChangeShare(difference, before) };
}

/**
 * The change in words and in its unit: `up 12 %, +$3.40`, `new, +$3.40`, `gone, −$3.40`, `no change`, `—`.
 * @param format prints an amount of the unit without a sign
 */
export function describeChange(change: Change | null, format: (amount: bigint) => string): string {
  if (change === null) return UNKNOWN;
  const { kind, difference, share } = change;
  if (kind === "same") return "no change";
  const amount = `${difference < 0n ? "−" : "+"}${format(absolute(difference))}`;
  if (kind !== "changed") return `${kind}, ${amount}`;
  const word = difference < 0n ? "down" : "up";
  return share === null ? `${word}, ${amount}` : `${word} ${share}, ${amount}`;
}

/**
 * The size of a change as a percentage: whole from 10 % up, one decimal below, `<0.1 %` for a trace.
 * @returns null where the earlier figure is not positive: no percentage of nothing
 */
export function formatChangeShare(difference: bigint, before: bigint): string | null {
  if (before <= 0n) return null;
  const perMille = (absolute(difference) * 2000n + before) / (before * 2n);
  if (perMille === 0n) return "<0.1 %";
  if (perMille < 100n) return `${perMille / 10n}.${perMille % 10n} %`;
  const percent = (absolute(difference) * 200n + before) / (before * 2n);
  return `${percent.toString().replace(/\B(?=(\d{3})+$)/g, ",")} %`;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
