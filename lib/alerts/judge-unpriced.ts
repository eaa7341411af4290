/** Calls of a day. */
export interface PricedShare {
  calls: number;
  unpricedCalls: number;
}

/** With fewer a share is a handful of calls, and each model of them is told by itself. */
const LEAST_CALLS = 20;

/** Whether the share of calls without a price is above the rule's, which counts in hundredths of a percent. */
export function isShareTooLarge(
  { calls, unpricedCalls }: PricedShare,
  rule: { share_percent: number },
): boolean {
  if (calls < LEAST_CALLS) return false;
  return (
    BigInt(unpricedCalls) * 10_000n > BigInt(calls) * BigInt(Math.round(rule.share_percent * 100))
  );
}

/** Percent with two fraction digits, rounded down. */
export function sharePercent({ calls, unpricedCalls }: PricedShare): number {
  return calls === 0 ? 0 : Math.floor((unpricedCalls / calls) * 10_000) / 100;
}
