import type { ClickHouse } from "@/db/clickhouse/client";
import {
  BLOCK_GRAINS,
  BUCKET_GRAIN,
  DAY_GRAIN,
  type Grain,
  HOUR_GRAIN,
  isBlock,
  startOf,
} from "@/db/clickhouse/cubes";
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
  // Blocks reach further than the days that are looked at.
  const [largest] = BLOCK_GRAINS;
  const wide = {
    projectIds: [projectId],
    fromUs: startOf(largest, range.from) * 1e6,
    toUs: (startOf(largest, range.to - 1) + largest) * 1e6,
  };
  const clean = await listCleanRollups(clickhouse, wide);
  const blocks = listBlocks(clean).filter(({ days: [first = 0] }) => days.includes(first));
  const ofBlocks = new Set(blocks.flatMap((block) => block.days));
  const isRead = (grain: Grain, start: number) =>
    grain === DAY_GRAIN
      ? ofBlocks.has(start) || days.includes(start)
      : isBlock(grain)
        ? blocks.some((block) => block.grain === grain && block.start === start)
        : start >= range.from && start < range.to;
  const rollups = await sumDayRollups(clickhouse, {
    ...wide,
    rollups: clean.map(({ grain, starts, generations }) => ({
      grain,
      generations: generations.filter((_, i) => isRead(grain, starts[i] ?? 0)),
    })),
  });
  const counters = await listCounters(db, projectId, range);
  const after = new Map((await states()).map(({ day, state }) => [day, state]));
  const isBeingCorrected = wasCorrected || (await isCorrected());

  const startsOf = (grain: number) =>
    clean.filter((one) => one.grain === grain).flatMap(({ starts }) => starts);
  const cleanBuckets = startsOf(BUCKET_GRAIN);
  const cleanHours = startsOf(HOUR_GRAIN);
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
        cleanHours: cleanHours.filter(isOwn),
        isDayClean: cleanDays.has(day),
        cleanBlocks: blocks.filter((block) => block.days[0] === day),
        rollups: rollups.filter(({ grain, start }) => isOwn(start) || grain >= DAY_GRAIN),
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

/** Clean blocks with the clean days they were merged from; one with a sealed day is not read by anybody. */
function listBlocks(clean: Awaited<ReturnType<typeof listCleanRollups>>) {
  const dayStarts = clean.find(({ grain }) => grain === DAY_GRAIN)?.starts ?? [];
  return clean.flatMap(({ grain, starts }) =>
    isBlock(grain)
      ? starts.map((start) => ({
          grain,
          start,
          days: dayStarts.filter((day) => startOf(grain, day) === start),
        }))
      : [],
  );
}

function fingerprintOf(state: string, comparison: DayComparison): string {
  return JSON.stringify([state, comparison], (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
