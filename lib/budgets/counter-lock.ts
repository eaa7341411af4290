import type { LockFigures } from "@/db/queries/budget-counters";
import type { Budget } from "@/lib/budgets/budget";
import { calendarPeriodOf } from "@/lib/budgets/budget-period";

/** A counter that a stage closed. */
export interface CounterLock {
  atMs: number;
  /** The highest stage that closed it. */
  percent: number;
}

/** What closes a counter; null: it is open. What another limit closed is open, and `observe` never refuses. */
export function lockOf(
  { mode, limitRevision }: Pick<Budget, "mode" | "limitRevision">,
  { lockRevision, lockPercent, lockedAtMs }: LockFigures,
): CounterLock | null {
  if (mode === "observe" || lockedAtMs === null || lockRevision !== limitRevision) return null;
  return { atMs: lockedAtMs, percent: lockPercent ?? 0 };
}

/** Up to which percentage a lockout does not act any more, since an admin unlocked it under this limit; 0: none. */
export function openedUpTo(
  { limitRevision }: Pick<Budget, "limitRevision">,
  { lockRevision, lockPercent, lockedAtMs }: LockFigures,
): number {
  const isOpened = lockRevision === limitRevision && lockedAtMs === null;
  return isOpened ? (lockPercent ?? 0) : 0;
}

/** When a lock ends by itself, ms since 1970; null: its window is no calendar's. */
export function lockEndsAt(
  budget: Pick<Budget, "window" | "timeZone" | "weekStart" | "monthDay">,
  nowMs: number,
): number | null {
  return calendarPeriodOf(budget, nowMs)?.endMs ?? null;
}

/** A lock as it is answered. */
export function toLockAnswer(
  budget: Pick<Budget, "window" | "timeZone" | "weekStart" | "monthDay">,
  lock: CounterLock | null,
  nowMs: number,
): { at: string; percent: number; until: string | null } | null {
  if (lock === null) return null;
  const endMs = lockEndsAt(budget, nowMs);
  return {
    at: new Date(lock.atMs).toISOString(),
    percent: lock.percent,
    until: endMs === null ? null : new Date(endMs).toISOString(),
  };
}
