import type { DayState } from "@/db/clickhouse/queries/list-day-states";
import { listDayStates } from "@/db/clickhouse/queries/list-day-states";
import { isStoreAway } from "@/db/is-store-away";
import {
  deleteDaysOfOthers,
  findLastFullRun,
  findOpenRun,
  insertRun,
  listComparedDays,
  updateRun,
} from "@/db/queries/integrity";
import { listProjectRows, type ProjectRow } from "@/db/queries/projects";
import { toProblem } from "@/lib/errors";
import { type CheckContext, checkDays, storeSealed, toDate } from "@/lib/integrity/check-days";
import type { ComparedDay, DayWatch } from "@/lib/integrity/choose-due-days";

/** Everything is compared once a day. */
const FULL_EVERY_MS = 86_400_000;
const FAILED_AGAIN_MS = 600_000;
/** Read by one statement: it bounds memory, a stop's wait, and how long a page may wait for the engine. */
const MAX_STATEMENT = { days: 7, events: 300_000 };
/** Of a day that was never compared. */
const ASSUMED_EVENTS = 100_000;
const WEEK_SECONDS = 7 * 86_400;

export interface RunContext extends CheckContext {
  watch: DayWatch;
  /** Asked between statements. */
  mustStop: () => boolean;
}

/**
 * One turn: compares the days that are due, as part of the full run where one is open (asked for by a person, left by a
 * process that ended, or due since yesterday). What a turn has no time for is due in the next.
 * @returns how many days were compared. @throws what a store throws; the run that is open then says why
 */
export async function runIntegrity(context: RunContext): Promise<number> {
  const { db, now } = context;
  const startedAt = new Date(now());
  const open = (await findOpenRun(db)) ?? (await openDailyRun(context));
  const runOf = async () => open ?? (await insertRun(db, { startedAt }));
  try {
    const projects = new Map((await listProjectRows(db)).map((row) => [row.id, row]));
    const states = await listDayStates(context.clickhouse, Math.floor(now() / 1000), null);
    const compared = await listComparedDays(db);
    const due = context.watch.chooseDue(
      // A project that was removed is nobody's any more.
      states.filter(({ project_id }) => projects.has(project_id)),
      compared,
      { nowMs: now(), fullSince: open?.startedAt.getTime() ?? null },
    );
    const batches = batchesOf(due, compared);
    let [days, settled, differences] = [0, 0, 0];
    for (const batch of batches) {
      if (context.mustStop()) return days;
      const found = await checkBatch(context, batch, projects);
      days += batch.length;
      settled += found.settled;
      differences += found.differences;
      // Whoever waits for it sees how far it is.
      if (open)
        await updateRun(db, open.id, { days: batch.length, differences: found.differences });
    }
    const finishedAt = new Date(now());
    if (open) {
      await deleteDaysOfOthers(db, [...projects.keys()]);
      await updateRun(db, open.id, { days: 0, differences: 0, finishedAt });
    } else if (settled > 0) {
      // A look at what still moves is no run to tell of.
      await updateRun(db, (await runOf()).id, { days, differences, finishedAt });
    }
    return days;
  } catch (error) {
    // A failure is a run that failed, never a day that is equal.
    const end = { finishedAt: new Date(now()), error: describeError(error) };
    await updateRun(db, (await runOf()).id, { days: 0, differences: 0, ...end });
    throw error;
  }
}

async function openDailyRun({ db, now }: RunContext) {
  const last = await findLastFullRun(db);
  const pause = last?.error ? FAILED_AGAIN_MS : FULL_EVERY_MS;
  if (last && now() - last.startedAt.getTime() < pause) return null;
  return insertRun(db, { startedAt: new Date(now()), isFull: true });
}

/** People read it: a driver's own words can hold SQL, and are in the log. */
function describeError(error: unknown): string {
  return isStoreAway(error) ? "The database is out of reach." : toProblem(error).detail;
}

/** Compares some days of one project; the sealed ones among them are told as such. */
async function checkBatch(
  context: RunContext,
  batch: readonly DayState[],
  projects: ReadonlyMap<string, ProjectRow>,
) {
  const project = projects.get(batch[0]?.project_id ?? "");
  if (!project) return { settled: 0, differences: 0 };
  const sealedBefore = Math.floor((project.sealedBefore?.getTime() ?? 0) / 1000);
  for (const { day, state } of batch.filter((one) => one.day < sealedBefore)) {
    await storeSealed(context, { projectId: project.id, day, state });
  }
  const open = batch.map(({ day }) => day).filter((day) => day >= sealedBefore);
  if (open.length === 0) return { settled: batch.length, differences: 0 };
  const outcomes = [...(await checkDays(context, project.id, open)).values()];
  return {
    settled: outcomes.filter((outcome) => outcome !== "moving").length,
    differences: outcomes.filter((outcome) => outcome === "different").length,
  };
}

/** Days of one project and week, latest first. */
function batchesOf(due: readonly DayState[], compared: readonly ComparedDay[]): DayState[][] {
  const events = new Map(compared.map((day) => [`${day.day} ${day.projectId}`, day.callsEvents]));
  const batches: DayState[][] = [];
  const open = new Map<string, { batch: DayState[]; events: number }>();
  for (const day of due) {
    const key = `${Math.floor(day.day / WEEK_SECONDS)} ${day.project_id}`;
    const own = events.get(`${toDate(day.day)} ${day.project_id}`) ?? ASSUMED_EVENTS;
    const last = open.get(key);
    const isFull =
      !last || last.batch.length >= MAX_STATEMENT.days || last.events + own > MAX_STATEMENT.events;
    if (isFull) {
      const batch = [day];
      batches.push(batch);
      open.set(key, { batch, events: own });
    } else {
      last.batch.push(day);
      last.events += own;
    }
  }
  return batches;
}
