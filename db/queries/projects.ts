import { and, asc, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { prepareOnce } from "@/db/prepare-once";
import { projects } from "@/db/schema/projects";

export type ProjectRow = typeof projects.$inferSelect;

const prepareProjectRows = prepareOnce((db) =>
  db
    .select()
    .from(projects)
    .where(isNull(projects.archivedAt))
    .orderBy(asc(projects.name), asc(projects.slug))
    .prepare("project_rows"),
);

/** Projects that are not removed, by name. */
export async function listProjectRows(db: Db): Promise<ProjectRow[]> {
  return prepareProjectRows(db).execute();
}

/** One project by id, removed or not; or null. */
export async function findProject(db: Db, id: string): Promise<ProjectRow | null> {
  const [row] = await db.select().from(projects).where(eq(projects.id, id));
  return row ?? null;
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockProject(tx: Db, id: string): Promise<ProjectRow | null> {
  const [row] = await tx.select().from(projects).where(eq(projects.id, id)).for("update");
  return row ?? null;
}

/** A project that is not removed, by slug; or null. */
export async function findProjectBySlug(db: Db, slug: string): Promise<ProjectRow | null> {
  const [row] = await db
    .select()
    .from(projects)
    .where(and(eq(projects.slug, slug), isNull(projects.archivedAt)));
  return row ?? null;
}

/** Adds a project. @returns null where the slug is taken. */
export async function insertProject(
  db: Db,
  row: typeof projects.$inferInsert,
): Promise<ProjectRow | null> {
  const [made] = await db.insert(projects).values(row).onConflictDoNothing().returning();
  return made ?? null;
}

/** Changes a project. @returns it as it is now, or null where there is none. */
export async function updateProjectRow(
  db: Db,
  id: string,
  change: Partial<typeof projects.$inferInsert>,
): Promise<ProjectRow | null> {
  const [row] = await db.update(projects).set(change).where(eq(projects.id, id)).returning();
  return row ?? null;
}

/** Projects whose calls expire, or did. */
export async function listProjectsWithRetention(db: Db): Promise<ProjectRow[]> {
  return db
    .select()
    .from(projects)
    .where(
      and(
        isNull(projects.archivedAt),
        or(isNotNull(projects.retentionDays), isNotNull(projects.sealedBefore)),
      ),
    )
    .orderBy(asc(projects.id));
}

/** Says that calls before an instant are gone; it only ever moves forward. */
export async function moveSealedBefore(db: Db, id: string, sealedBefore: Date): Promise<void> {
  await db
    .update(projects)
    .set({
      sealedBefore: sql`greatest(${projects.sealedBefore}, ${sealedBefore.toISOString()}::timestamptz)`,
    })
    .where(eq(projects.id, id));
}
