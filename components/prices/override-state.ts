/** Whether an override holds for calls of this moment. Its interval is half-open. */
export type OverrideState = "in-force" | "future" | "ended";

/** The state of an override at an instant (ms since 1970). */
export function overrideState(
  override: { effective_from: string; effective_to: string | null },
  nowMs: number,
): OverrideState {
  if (Date.parse(override.effective_from) > nowMs) return "future";
  const isOver = override.effective_to !== null && Date.parse(override.effective_to) <= nowMs;
  return isOver ? "ended" : "in-force";
}

const ORDER: Record<OverrideState, number> = { "in-force": 0, future: 1, ended: 2 };

/** Those in force first, then those to come, then what ended, newest first among those. */
export function sortOverrides<
  Override extends { effective_from: string; effective_to: string | null },
>(overrides: readonly Override[], nowMs: number): Override[] {
  return [...overrides].sort((a, b) => {
    const states = [overrideState(a, nowMs), overrideState(b, nowMs)] as const;
    const byState = ORDER[states[0]] - ORDER[states[1]];
    return byState || Date.parse(b.effective_from) - Date.parse(a.effective_from);
  });
}
