import { COUNT_COLUMNS, type Usage } from "@/lib/usage/usage";

/** Counts that are added up and taken from each other. */
export type UsageVector = { [K in (typeof COUNT_COLUMNS)[number]]?: number } & Pick<Usage, "units">;

/** Adds `more` to `sum`. Counts are below 2^53 each; where a sum is not it stays at the bound, and nothing is left of any rest. */
export function addUsage(sum: UsageVector, more: UsageVector): void {
  for (const field of COUNT_COLUMNS) {
    const by = more[field];
    if (by) sum[field] = Math.min(Number.MAX_SAFE_INTEGER, (sum[field] ?? 0) + by);
  }
  if (!more.units) return;
  // Anew: what was copied with the sum still has the old ones.
  const units = { ...sum.units };
  for (const [unit, by] of Object.entries(more.units)) {
    units[unit] = Math.min(Number.MAX_SAFE_INTEGER, (units[unit] ?? 0) + by);
  }
  sum.units = units;
}

/** Whether two say the same input and output; of calls without tokens (images, audio), the same units. */
export function isSameSize(a: UsageVector, b: UsageVector): boolean {
  const isSame =
    (a.input_tokens ?? 0) === (b.input_tokens ?? 0) &&
    (a.output_tokens ?? 0) === (b.output_tokens ?? 0);
  return isSame && (hasTokens(a) || unitsText(a) === unitsText(b));
}

/** Whether two say the same but that one leaves what was cached out of its input: clients disagree on that. */
export function isSameButCache(a: UsageVector, b: UsageVector): boolean {
  if ((a.output_tokens ?? 0) !== (b.output_tokens ?? 0) || !a.output_tokens) return false;
  const apart = Math.abs((a.input_tokens ?? 0) - (b.input_tokens ?? 0));
  return apart > 0 && [a, b].some((one) => listCached(one).includes(apart));
}

function listCached(usage: UsageVector): number[] {
  const read = usage.cache_read_tokens ?? 0;
  const written = (usage.cache_write_5m_tokens ?? 0) + (usage.cache_write_1h_tokens ?? 0);
  return [read, written, read + written];
}

/** Whether it is of units alone, as an image's or a transcript's. */
export function isOfUnits(usage: UsageVector): boolean {
  return !hasTokens(usage) && unitsText(usage) !== "";
}

function hasTokens({ input_tokens: input, output_tokens: output }: UsageVector): boolean {
  return (input ?? 0) + (output ?? 0) > 0;
}

/** Units by name, as text that is the same where they are; "" for none. */
export function unitsText({ units }: UsageVector): string {
  const told = Object.entries(units ?? {}).filter(([, count]) => count > 0);
  return told
    .map(([unit, count]) => `${unit}=${count}`)
    .sort()
    .join(" ");
}

/**
 * What is left of `whole` without `part`. null: nothing, or it is no sum that holds the part (one side of it is smaller:
 * then it tells of something else, such as its last step).
 */
export function takeUsage(whole: UsageVector, part: UsageVector): Usage | null {
  const input = (whole.input_tokens ?? 0) - (part.input_tokens ?? 0);
  const output = (whole.output_tokens ?? 0) - (part.output_tokens ?? 0);
  if (input < 0 || output < 0) return null;
  if (input + output === 0) return isOfUnits(whole) ? takeUnits(whole, part) : null;
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

function takeUnits(whole: UsageVector, part: UsageVector): Usage | null {
  const left = Object.entries(whole.units ?? {}).map(
    ([unit, count]) => [unit, count - (part.units?.[unit] ?? 0)] as const,
  );
  if (left.some(([, count]) => count < 0)) return null;
  const units = left.filter(([, count]) => count > 0);
  return units.length > 0 ? { units: Object.fromEntries(units) } : null;
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

/** Orders usages of one call: the one that tells more first; of two, the one whose input holds what was cached. */
export function compareDetail(a: Usage | null, b: Usage | null): number {
  return detailOf(b) - detailOf(a) || (b?.input_tokens ?? 0) - (a?.input_tokens ?? 0);
}
