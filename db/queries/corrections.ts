import { and, arrayOverlaps, asc, desc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { corrections } from "@/db/schema/corrections";

export type CorrectionRow = typeof corrections.$inferSelect;
export type NewCorrectionRow = typeof corrections.$inferInsert;

/** Adds a correction. @returns it as stored. */
export async function insertCorrection(db: Db, row: NewCorrectionRow): Promise<CorrectionRow> {
  const [made] = await db.insert(corrections).values(row).returning();
  if (!made) throw new Error("the correction was not stored");
  return made;
}

/** One correction by id, or null. */
export async function findCorrection(db: Db, id: string): Promise<CorrectionRow | null> {
  const [row] = await db.select().from(corrections).where(eq(corrections.id, id));
  return row ?? null;
}

/** As `findCorrection`; nobody else changes it until the transaction ends. */
export async function lockCorrection(tx: Db, id: string): Promise<CorrectionRow | null> {
  const [row] = await tx.select().from(corrections).where(eq(corrections.id, id)).for("update");
  return row ?? null;
}

/** Corrections of a kind that reach any of these projects, newest first. */
export async function listCorrections(
  db: Db,
  asked: { kind: CorrectionRow["kind"]; projectIds: readonly string[]; limit: number },
): Promise<CorrectionRow[]> {
  if (asked.projectIds.length === 0) return [];
  return db
    .select()
    .from(corrections)
    .where(
      and(
        eq(corrections.kind, asked.kind),
        arrayOverlaps(corrections.projectIds, [...asked.projectIds]),
      ),
    )
    .orderBy(desc(corrections.createdAt), corrections.id)
    .limit(asked.limit);
}

/**
 * Ids of what there is to do, oldest first: also those that were stopped and may have left a batch half done
 * (`finished_at` is set when that is settled).
 */
export async function listOpenCorrectionIds(db: Db): Promise<string[]> {
  const rows = await db
    .select({ id: corrections.id })
    .from(corrections)
    .where(
      or(
        inArray(corrections.state, ["queued", "running"]),
        and(inArray(corrections.state, ["cancelled", "failed"]), isNull(corrections.finishedAt)),
      ),
    )
    .orderBy(asc(corrections.createdAt), asc(corrections.id));
  return rows.map(({ id }) => id);
}

/** Changes a correction. */
export async function updateCorrection(
  db: Db,
  id: string,
  change: Partial<NewCorrectionRow>,
): Promise<void> {
  await db.update(corrections).set(change).where(eq(corrections.id, id));
}

/** Begins a correction, unless it was cancelled meanwhile. */
export async function startCorrection(db: Db, id: string, callsTotal: number): Promise<void> {
  await db
    .update(corrections)
    .set({ state: "running", startedAt: sql`now()`, callsTotal })
    .where(and(eq(corrections.id, id), eq(corrections.state, "queued")));
}

/**
 * Ends a correction: done, or what it was stopped as. An erasure's filters hold the name that was erased, so they go.
 */
export async function finishCorrection(db: Db, id: string): Promise<void> {
  await db
    .update(corrections)
    .set({
      state: sql`case when ${corrections.state} in ('cancelled', 'failed') then ${corrections.state} else 'done' end`,
      finishedAt: sql`now()`,
      filters: sql`case when ${corrections.kind} = 'erase' then '[]'::jsonb else ${corrections.filters} end`,
    })
    .where(and(eq(corrections.id, id), isNull(corrections.finishedAt)));
}
