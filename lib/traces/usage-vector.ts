import { COUNT_COLUMNS, type Usage } from "@/lib/usage/usage";

/** Counts that are added up and taken from each other. */
export type UsageVector = { [K in (typeof COUNT_COLUMNS)[number]]?: number };

/** Adds `more` to `sum`. Counts are below 2^53 each; where a sum is not it stays at the bound, and nothing is left of any rest. */
export function addUsage(sum: UsageVector, more: UsageVector): void {
  for (const field of COUNT_COLUMNS) {
    const by = more[field];
    if (by) sum[field] = Math.min(Number.MAX_SAFE_INTEGER, (sum[field] ?? 0) + by);
  }
}

/** Whether two say the same input and output. */
export function isSameSize(a: UsageVector, b: UsageVector): boolean {
  return (
    (a.input_tokens ?? 0) === (b.input_tokens ?? 0) &&
    (a.output_tokens ?? 0) === (b.output_tokens ?? 0)
  );
}

/**
 * What is left of `whole` without `part`. null: nothing, or it is no sum that holds the part (one side of it is smaller:
 * then it tells of something else, such as its last step).
 */
export function takeUsage(whole: UsageVector, part: UsageVector): Usage | null {
  const input = (whole.input_tokens ?? 0) - (part.input_tokens ?? 0);
  const output = (whole.output_tokens ?? 0) - (part.output_tokens ?? 0);
  if (input < 0 || output < 0 || input + output === 0) return null;
  const rest: Usage = {};
  for (const field of COUNT_COLUMNS) {
    if (whole[field] === undefined) continue;
    rest[field] = Math.max(0, (whole[field] ?? 0) - (part[field] ?? 0));
  }
  // What the parts report and the whole does not was never in it: a part may not be more than its own whole.
  const parts = ["cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens"] as const;
  let room = rest.input_tokens ?? 0;
  for (const field of parts) {
    const count = rest[field];
    if (count === undefined) continue;
    rest[field] = Math.min(count, room);
    room -= rest[field];
  }
  if (rest.reasoning_tokens !== undefined) {
    rest.reasoning_tokens = Math.min(rest.reasoning_tokens, rest.output_tokens ?? 0);
  }
  return rest;
}

/** How much a usage tells: each kind of token that is told apart counts, and one with tokens in it twice. */
export function detailOf(usage: Usage | null): number {
  if (!usage) return -1;
  let detail = 0;
  for (const field of COUNT_COLUMNS) {
    if (usage[field] !== undefined) detail += usage[field] > 0 ? 2 : 1;
  }
  return detail + (usage.units ? 1 : 0);
}
