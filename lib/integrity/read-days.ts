import type { ClickHouse } from "@/db/clickhouse/client";
import { BUCKET_GRAIN, DAY_GRAIN } from "@/db/clickhouse/cubes";
import { listCleanRollups } from "@/db/clickhouse/queries/list-clean-rollups";
import { listDayStates } from "@/db/clickhouse/queries/list-day-states";
import { sumDayCalls, sumDayRollups } from "@/db/clickhouse/queries/sum-days";
import type { Db } from "@/db/postgres";
import { hasRunningCorrection, listCounters } from "@/db/queries/integrity-counters";
import { compareDay, type DayComparison } from "@/lib/integrity/compare-day";

/** A late event of the last seconds may still make a closed bucket dirty. */
const CLOSED_GRACE_SECONDS = 60;

/** One UTC day of a project, read from its three sources. */
export interface DayReading extends DayComparison {
  projectId: string;
  /** Seconds since 1970. */
  day: number;
  /** When reading began, ms since 1970. */
  readAtMs: number;
  /** The state of its buckets before anything was read. */
  state: string;
  /** Buckets that are over and wait for their rollup. */
  dirtyClosed: number;
  /** Its calls expire or have expired: its sums stay as they are, and there is nothing to hold them against. */
  isSealed: boolean;
  /** Something changed while it was read, or a correction is under way: the three need not agree. */
  isMoving: boolean;
  /** Two readings with the same one saw the same rows. */
  fingerprint: string;
}

/**
 * Reads days of one project: bucket states, calls, rollups, counters, and bucket states again. Only days that have or
 * had calls are given.
 * @param days starts, seconds since 1970; everything between the first and the last is read.
 * @throws QueryFailedError, MalformedRowError, and what PostgreSQL throws
 */
export async function readDays(
  stores: { clickhouse: ClickHouse; db: Db },
  projectId: string,
  days: readonly number[],
  nowMs: number,
): Promise<DayReading[]> {
  const { clickhouse, db } = stores;
  const range = { from: Math.min(...days), to: Math.max(...days) + DAY_GRAIN };
  const scope = { projectIds: [projectId], fromUs: range.from * 1e6, toUs: range.to * 1e6 };
  const closedBy = Math.floor(nowMs / 1000) - CLOSED_GRACE_SECONDS;
  const states = () => listDayStates(clickhouse, closedBy, { projectId, ...range });
  const isCorrected = () => hasRunningCorrection(db, projectId, scope);

  const wasCorrected = await isCorrected();
  const before = await states();
  const calls = await sumDayCalls(clickhouse, scope);
  const clean = await listCleanRollups(clickhouse, scope);
  const generations = clean.flatMap((rollups) => rollups.generations);
  const rollups = await sumDayRollups(clickhouse, { ...scope, generations });
  const counters = await listCounters(db, projectId, range);
  const after = new Map((await states()).map(({ day, state }) => [day, state]));
  const isBeingCorrected = wasCorrected || (await isCorrected());

  const startsOf = (grain: number) =>
    clean.filter((one) => one.grain === grain).flatMap(({ starts }) => starts);
  const cleanBuckets = startsOf(BUCKET_GRAIN);
  const sealed = clean.flatMap(({ starts, seals }) => starts.filter((_, i) => seals[i] !== "none"));
  const cleanDays = new Set(startsOf(DAY_GRAIN));
  return before
    .filter(({ day }) => days.includes(day))
    .map(({ day, state, dirty_closed }) => {
      const isOwn = (start: number) => start >= day && start < day + DAY_GRAIN;
      const comparison = compareDay({
        day,
        calls: calls.filter(({ start }) => isOwn(start)),
        cleanBuckets: cleanBuckets.filter(isOwn),
        isDayClean: cleanDays.has(day),
        rollups: rollups.filter(({ start }) => isOwn(start)),
        counters: counters.filter(({ bucket }) => isOwn(bucket)),
      });
      return {
        ...comparison,
        projectId,
        day,
        readAtMs: nowMs,
        state,
        dirtyClosed: dirty_closed,
        isSealed: sealed.some(isOwn),
        isMoving: isBeingCorrected || after.get(day) !== state,
        fingerprint: fingerprintOf(state, comparison),
      };
    });
}

function fingerprintOf(state: string, comparison: DayComparison): string {
  return JSON.stringify([state, comparison], (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
