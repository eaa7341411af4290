import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN } from "@/db/clickhouse/cubes";
import { listLastChanges } from "@/db/clickhouse/queries/list-day-states";
import type { Db } from "@/db/postgres";
import { findIntegrityDay, type NewIntegrityDay, putIntegrityDay } from "@/db/queries/integrity";
import { listSpools } from "@/db/queries/integrity-counters";
import type { Fault } from "@/lib/integrity/compare-day";
import type { Sums } from "@/lib/integrity/day-sums";
import {
  describeBuilt,
  describeFaults,
  describeRepair,
  describeWait,
  STILL_WRITTEN,
} from "@/lib/integrity/describe-day";
import { findUnsettled, type Unsettled } from "@/lib/integrity/find-unsettled";
import { type DayReading, readDays } from "@/lib/integrity/read-days";
import { type ChangeWriter, repairDay } from "@/lib/integrity/repair-day";
import type { Log } from "@/lib/log";
import { formatUsd } from "@/lib/money";

/** A difference that was seen once: it is one when it is still there after everything on its way has arrived. */
export interface Pending {
  fingerprint: string;
  readAtMs: number;
}

export interface CheckContext {
  clickhouse: ClickHouse;
  db: Db;
  log: Log;
  changes: ChangeWriter;
  now: () => number;
  /** By `dayKey`; kept between looks by the job. */
  pending: Map<string, Pending>;
  /** A rollup was made dirty: the job that rebuilds it may begin. */
  onRepair: () => void;
}

/** `different`: found and repaired just now; while the repair is under way a day is `moving`. */
export type Outcome = "sealed" | "equal" | "moving" | "different" | "repaired";

/** @param day start of a UTC day, seconds since 1970. */
export function dayKey(projectId: string, day: number): string {
  return `${day} ${projectId}`;
}

/** @param day start of a UTC day, seconds since 1970. @returns `YYYY-MM-DD` */
export function toDate(day: number): string {
  return new Date(day * 1000).toISOString().slice(0, 10);
}

/**
 * Compares days of one project, stores what was found, and then repairs what differs. A difference is called one when
 * two looks saw the same rows and every process had written and counted, by the second, all it accepted before the
 * first; until then the day is moving.
 * @returns what became of each day, by `dayKey`; a day without calls has nothing. @throws as `readDays`
 */
export async function checkDays(
  context: CheckContext,
  projectId: string,
  days: readonly number[],
): Promise<Map<string, Outcome>> {
  const readings = await readDays(context, projectId, days, context.now());
  const outcomes = new Map<string, Outcome>();
  for (const reading of readings) {
    outcomes.set(dayKey(projectId, reading.day), await judgeDay(context, reading));
  }
  return outcomes;
}

async function judgeDay(context: CheckContext, reading: DayReading): Promise<Outcome> {
  const { pending } = context;
  const key = dayKey(reading.projectId, reading.day);
  if (reading.isSealed) {
    pending.delete(key);
    await storeSealed(context, reading);
    return "sealed";
  }
  // What changed meanwhile has another state, and is compared anew; what was read agrees.
  if (reading.faults.length === 0) {
    pending.delete(key);
    return store(context, reading, { state: "equal", note: null });
  }
  if (reading.isMoving) {
    pending.delete(key);
    return store(context, reading, { state: "moving", note: STILL_WRITTEN });
  }
  const first = pending.get(key);
  if (first?.fingerprint !== reading.fingerprint) {
    pending.set(key, { fingerprint: reading.fingerprint, readAtMs: reading.readAtMs });
    return store(context, reading, { state: "moving", note: describeWait(null, reading.readAtMs) });
  }
  const unsettled = await findWhoIsBehind(context, reading, first.readAtMs);
  if (unsettled) {
    return store(context, reading, {
      state: "moving",
      note: describeWait(unsettled, first.readAtMs),
    });
  }
  pending.delete(key);
  return repair(context, reading);
}

async function repair(context: CheckContext, reading: DayReading): Promise<Outcome> {
  const { projectId, faults, difference } = reading;
  const isBuilding = faults.every(({ kind }) => kind === "uncounted");
  if (isBuilding) {
    await repairDay(context, reading);
    // Not equal yet: the next look says so, with the counters it finds then.
    return store(context, reading, { state: "moving", note: null, repair: describeBuilt(faults) });
  }
  const note = describeFaults(faults);
  // Shown before it is repaired: a repair that fails must not hide what it was to mend.
  await store(context, reading, { state: "different", note });
  context.log.warn(
    {
      projectId,
      day: toDate(reading.day),
      differenceUsd: formatUsd(difference),
      faults: faults.map(nameFault),
    },
    "calls, rollups and counters differ; repairing",
  );
  await repairDay(context, reading);
  await store(context, reading, { state: "different", note, repair: describeRepair(reading) });
  if (faults.some(({ kind }) => kind === "rollup")) context.onRepair();
  return "different";
}

async function findWhoIsBehind(
  context: CheckContext,
  reading: DayReading,
  readAtMs: number,
): Promise<Unsettled | null> {
  const { projectId, day, faults } = reading;
  const range = { projectId, from: day, to: day + DAY_GRAIN };
  const changes = await listLastChanges(context.clickhouse, range);
  const changesMs = [
    ...changes.map(({ change }) => change / 1000),
    ...faults.flatMap((fault) => (fault.kind === "counter" ? [fault.row.changedAt.getTime()] : [])),
  ];
  const spools = await listSpools(context.db);
  return findUnsettled(spools, { readAtMs, nowMs: context.now(), changesMs });
}

/** The calls of a sealed day are gone: there is nothing left to hold its sums against, and that is said. */
export async function storeSealed(
  { db, now }: Pick<CheckContext, "db" | "now">,
  { projectId, day, state }: Pick<DayReading, "projectId" | "day" | "state">,
): Promise<void> {
  await putIntegrityDay(db, {
    projectId,
    day: toDate(day),
    checkedAt: new Date(now()),
    change: state,
    state: "sealed",
    callsEvents: null,
    callsLlm: null,
    callsUsd: null,
    note: null,
    differenceUsd: null,
  });
}

interface Verdict {
  state: "equal" | "moving" | "different";
  note: string | null;
  repair?: string;
}

/** Keeps what was found. What differed stays in sight: until it is repaired as different, afterwards as repaired. */
async function store(
  context: CheckContext,
  reading: DayReading,
  verdict: Verdict,
): Promise<Outcome> {
  const { projectId } = reading;
  const day = toDate(reading.day);
  const before = await findIntegrityDay(context.db, projectId, day);
  const checkedAt = new Date(context.now());
  const row: NewIntegrityDay = {
    projectId,
    day,
    checkedAt,
    ...sumsOf(reading),
    change: reading.state,
    state: verdict.state,
    note: verdict.note,
    differenceUsd: verdict.state === "moving" ? null : formatUsd(reading.difference),
    repair: verdict.repair ?? before?.repair ?? null,
    repairedAt: before?.repairedAt ?? null,
  };
  const wasDifferent = before?.state === "different";
  // A rollup that was made dirty agrees with the calls when it has been rebuilt, not when it is left out.
  const isRepairing = wasDifferent && verdict.state === "equal" && reading.dirtyClosed > 0;
  if (isRepairing || (wasDifferent && verdict.state === "moving")) {
    await putIntegrityDay(context.db, { ...before, checkedAt, change: reading.state });
    return "moving";
  }
  if (verdict.state === "equal" && (wasDifferent || before?.state === "repaired")) {
    const size = { differenceUsd: before.differenceUsd, note: before.note };
    const repairedAt = wasDifferent ? checkedAt : before.repairedAt;
    await putIntegrityDay(context.db, { ...row, ...size, state: "repaired", repairedAt });
    return "repaired";
  }
  await putIntegrityDay(context.db, row);
  return verdict.state;
}

function sumsOf({ calls, rollups, counters }: DayReading) {
  const usd = (sums: Sums | null) => (sums === null ? null : formatUsd(sums.cost));
  return {
    callsEvents: calls.events,
    callsLlm: calls.llmCalls,
    callsUsd: usd(calls),
    rollupEvents: rollups?.events ?? null,
    rollupUsd: usd(rollups),
    counterEvents: counters?.events ?? null,
    counterUsd: usd(counters),
  };
}

function nameFault(fault: Fault): string {
  if (fault.kind === "rollup")
    return `rollup ${fault.grain} ${fault.start} ${fault.cubes.join(",")}`;
  return `${fault.kind} ${fault.kind === "counter" ? fault.row.bucket : fault.bucket}`;
}
