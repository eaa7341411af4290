import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { spendCounters, spools } from "@/db/schema/counters";

export type SpoolRow = typeof spools.$inferSelect;

/** What the counters of a project's 15 minutes move by; negative where something is taken back. */
export interface CounterChange {
  projectId: string;
  /** Start of the bucket, seconds since 1970. */
  bucket: number;
  events: number;
  /** Sum of the known costs, US dollars. */
  costUsd: string;
  unknownCosts: number;
}

/** How far a process's spool is drained. */
export interface SpoolProgress {
  freshTo: Date;
  countedTo: Date;
  backlogEvents: number;
  seenAt: Date;
}

/**
 * Moves counters, all in one statement and in one order, so that two processes never wait for each other.
 * `changed_at` moves with every change, even within a microsecond: who compares a counter knows whether it stood still.
 */
export async function addToSpendCounters(db: Db, changes: readonly CounterChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ projectId, bucket, events, costUsd, unknownCosts }) => {
    return { project: projectId, bucket, events, cost: costUsd, unknown: unknownCosts };
  });
  await db.execute(sql`
    insert into ${spendCounters} as counted
      (project_id, bucket, events, cost_usd, unknown_costs, changed_at)
    select project, bucket, events, cost, unknown, clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as moved(project uuid, bucket bigint, events bigint, cost numeric, unknown bigint)
    order by project, bucket
    on conflict (project_id, bucket) do update set
      events = counted.events + excluded.events,
      cost_usd = counted.cost_usd + excluded.cost_usd,
      unknown_costs = counted.unknown_costs + excluded.unknown_costs,
      changed_at = greatest(excluded.changed_at, counted.changed_at + interval '1 microsecond')`);
}

/** Makes the row of a spool unless it is there. @returns it as it is. */
export async function ensureSpool(db: Db, row: typeof spools.$inferInsert): Promise<SpoolRow> {
  await db.insert(spools).values(row).onConflictDoNothing({ target: spools.id });
  const [found] = await db.select().from(spools).where(eq(spools.id, row.id));
  if (!found) throw new Error(`the row of the spool ${row.id} is gone`);
  return found;
}

/**
 * Moves the mark of what is counted, with what else is known of the spool; it is locked until the transaction ends.
 * @returns false where the mark is not at `from`: somebody counted these records already, and nothing is changed.
 */
export function moveCountedMark(
  db: Db,
  id: string,
  mark: { from: number; to: number },
  progress: SpoolProgress,
): Promise<boolean> {
  return updateSpool(db, id, eq(spools.countedSequence, mark.from), {
    ...progress,
    countedSequence: mark.to,
  });
}

/** As `moveCountedMark`, for the entries that a spool set aside. */
export function moveMovedKey(
  db: Db,
  id: string,
  mark: { from: number; to: number },
): Promise<boolean> {
  return updateSpool(db, id, eq(spools.movedKey, mark.from), { movedKey: mark.to });
}

/** Last entry of a spool that was moved; null where the spool has no row yet. */
export async function findMovedKey(db: Db, id: string): Promise<number | null> {
  const [row] = await db
    .select({ movedKey: spools.movedKey })
    .from(spools)
    .where(eq(spools.id, id));
  return row?.movedKey ?? null;
}

/** Notes how far a spool is. @returns false where it has no row. */
export function noteSpoolProgress(db: Db, id: string, progress: SpoolProgress): Promise<boolean> {
  return updateSpool(db, id, undefined, progress);
}

async function updateSpool(
  db: Db,
  id: string,
  condition: SQL | undefined,
  change: Partial<SpoolRow>,
): Promise<boolean> {
  const rows = await db
    .update(spools)
    .set(change)
    .where(and(eq(spools.id, id), condition))
    .returning({ id: spools.id });
  return rows.length > 0;
}
