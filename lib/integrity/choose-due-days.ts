import type { DayState } from "@/db/clickhouse/queries/list-day-states";
import { dayKey, toDate } from "@/lib/integrity/check-days";

/** A day is left alone until nothing of it has changed for so long. */
const SETTLE_MS = 120_000;
/** A day that never rests is looked at anyway. */
const MOVING_MS = 600_000;
/** Between two looks at a day that is not settled. */
export const LOOK_AGAIN_MS = 15_000;

/** What is known of a day from the last comparison. */
export interface ComparedDay {
  projectId: string;
  /** `YYYY-MM-DD` */
  day: string;
  change: string;
  checkedAt: Date;
  state: string;
  callsEvents: number | null;
}

/** Remembers when each day's state was first seen, to tell which days have come to rest. */
export class DayWatch {
  #seen = new Map<string, { state: string; atMs: number }>();

  /**
   * The days to be compared now, latest first: those that rest since they changed, those that are moving or being
   * repaired, and all that were last compared before `fullSince`.
   * @param fullSince start of a full run, ms since 1970; null: none.
   */
  chooseDue(
    states: readonly DayState[],
    compared: readonly ComparedDay[],
    times: { nowMs: number; fullSince: number | null },
  ): DayState[] {
    const { nowMs, fullSince } = times;
    const known = new Map(compared.map((day) => [`${day.day} ${day.projectId}`, day]));
    const seen = new Map<string, { state: string; atMs: number }>();
    const due = states.filter((day) => {
      const key = dayKey(day.project_id, day.day);
      const before = this.#seen.get(key);
      const since = before?.state === day.state ? before : { state: day.state, atMs: nowMs };
      seen.set(key, since);
      const last = known.get(`${toDate(day.day)} ${day.project_id}`);
      const checkedMs = last?.checkedAt.getTime() ?? 0;
      if (fullSince !== null && checkedMs < fullSince) return true;
      const isOpen = last?.state === "moving" || last?.state === "different";
      if (isOpen && nowMs - checkedMs >= LOOK_AGAIN_MS && last.change === day.state) return true;
      if (last?.change === day.state) return false;
      return nowMs - since.atMs >= SETTLE_MS || (last && nowMs - checkedMs >= MOVING_MS);
    });
    this.#seen = seen;
    return due;
  }
}
