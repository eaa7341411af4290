import {
  and,
  asc,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  notInArray,
  sql,
} from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { integrityDays, integrityRuns } from "@/db/schema/integrity";

export type IntegrityDay = typeof integrityDays.$inferSelect;
export type NewIntegrityDay = typeof integrityDays.$inferInsert;
export type IntegrityRun = typeof integrityRuns.$inferSelect;

/** Runs that are kept. */
const KEPT_RUNS = 100;

/** Compared days of some projects in a range of dates (`YYYY-MM-DD`, `toDay` excluded), latest first. */
export function listIntegrityDays(
  db: Db,
  projectIds: readonly string[],
  range: { fromDay: string; toDay: string },
): Promise<IntegrityDay[]> {
  if (projectIds.length === 0) return Promise.resolve([]);
  return db
    .select()
    .from(integrityDays)
    .where(
      and(
        inArray(integrityDays.projectId, [...projectIds]),
        gte(integrityDays.day, range.fromDay),
        lt(integrityDays.day, range.toDay),
      ),
    )
    .orderBy(desc(integrityDays.day), asc(integrityDays.projectId));
}

/** What was compared of every day, and when. */
export function listComparedDays(db: Db) {
  const { projectId, day, change, checkedAt, state, callsEvents } = integrityDays;
  return db.select({ projectId, day, change, checkedAt, state, callsEvents }).from(integrityDays);
}

/** One compared day; null: never. */
export async function findIntegrityDay(
  db: Db,
  projectId: string,
  day: string,
): Promise<IntegrityDay | null> {
  const [row] = await db
    .select()
    .from(integrityDays)
    .where(and(eq(integrityDays.projectId, projectId), eq(integrityDays.day, day)));
  return row ?? null;
}

/** Keeps the comparison of a day instead of the one before. */
export async function putIntegrityDay(db: Db, row: NewIntegrityDay): Promise<void> {
  const { projectId, day, ...values } = row;
  await db
    .insert(integrityDays)
    .values(row)
    .onConflictDoUpdate({ target: [integrityDays.projectId, integrityDays.day], set: values });
}

/** Forgets the days of projects that are gone. */
export async function deleteDaysOfOthers(db: Db, projectIds: readonly string[]): Promise<void> {
  const others =
    projectIds.length === 0 ? undefined : notInArray(integrityDays.projectId, [...projectIds]);
  await db.delete(integrityDays).where(others);
}

/** The full run that was asked for and has not finished; null: none. */
export async function findOpenRun(db: Db): Promise<IntegrityRun | null> {
  const [row] = await db
    .select()
    .from(integrityRuns)
    .where(and(isNull(integrityRuns.finishedAt), eq(integrityRuns.isFull, true)))
    .orderBy(asc(integrityRuns.startedAt))
    .limit(1);
  return row ?? null;
}

/** The last full run that ended, well or not; null: there was none. */
export async function findLastFullRun(db: Db): Promise<IntegrityRun | null> {
  const [row] = await db
    .select()
    .from(integrityRuns)
    .where(and(isNotNull(integrityRuns.finishedAt), eq(integrityRuns.isFull, true)))
    .orderBy(desc(integrityRuns.startedAt))
    .limit(1);
  return row ?? null;
}

/** Adds a run. */
export async function insertRun(
  db: Db,
  run: typeof integrityRuns.$inferInsert,
): Promise<IntegrityRun> {
  const [row] = await db.insert(integrityRuns).values(run).returning();
  if (!row) throw new Error("the run was not stored");
  return row;
}

/** Adds to what a run has looked at, and ends it where `finishedAt` is given. Old runs go. */
export async function updateRun(
  db: Db,
  id: string,
  change: { days: number; differences: number; finishedAt?: Date; error?: string },
): Promise<void> {
  const { days, differences, ...end } = change;
  await db
    .update(integrityRuns)
    .set({
      days: sql`${integrityRuns.days} + ${days}`,
      differences: sql`${integrityRuns.differences} + ${differences}`,
      ...end,
    })
    .where(eq(integrityRuns.id, id));
  if (end.finishedAt) await deleteOldRuns(db);
}

/** Full runs and the others apart: many small ones must not push out the one that says when all was compared. */
async function deleteOldRuns(db: Db): Promise<void> {
  for (const isFull of [true, false]) {
    const kind = eq(integrityRuns.isFull, isFull);
    const kept = db
      .select({ id: integrityRuns.id })
      .from(integrityRuns)
      .where(kind)
      .orderBy(desc(integrityRuns.startedAt))
      .limit(KEPT_RUNS);
    await db.delete(integrityRuns).where(and(kind, notInArray(integrityRuns.id, kept)));
  }
}

/** The last runs, newest first. */
export function listRuns(db: Db, limit: number): Promise<IntegrityRun[]> {
  return db.select().from(integrityRuns).orderBy(desc(integrityRuns.startedAt)).limit(limit);
}
