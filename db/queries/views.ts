import { and, count, eq, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { projects } from "@/db/schema/projects";
import { users } from "@/db/schema/users";
import { views } from "@/db/schema/views";

export type NewViewRow = typeof views.$inferInsert;
export type ViewRow = Awaited<ReturnType<typeof selectViews>>[number];

/** Views whose project is not removed, by name. */
function selectViews(db: Db, condition: SQL | undefined) {
  return db
    .select({
      id: views.id,
      name: views.name,
      screen: views.screen,
      query: views.query,
      projectId: views.projectId,
      projectSlug: projects.slug,
      ownerUserId: views.ownerUserId,
      author: users.name,
      isShared: views.isShared,
      createdAt: views.createdAt,
      updatedAt: views.updatedAt,
    })
    .from(views)
    .leftJoin(projects, eq(projects.id, views.projectId))
    .leftJoin(users, eq(users.id, views.ownerUserId))
    .where(and(condition, isNull(projects.archivedAt)))
    .orderBy(sql`lower(${views.name})`, views.id);
}

/** Views of these projects and of all projects that are shared, or a person's own. @param userId null: shared ones only */
export async function listViewsFor(
  db: Db,
  { projectIds, userId }: { projectIds: readonly string[]; userId: string | null },
): Promise<ViewRow[]> {
  const inSight = or(
    isNull(views.projectId),
    projectIds.length > 0 ? inArray(views.projectId, [...projectIds]) : undefined,
  );
  const readable = or(
    eq(views.isShared, true),
    userId === null ? undefined : eq(views.ownerUserId, userId),
  );
  return selectViews(db, and(inSight, readable));
}

/** One view by id, or null. */
export async function findView(db: Db, id: string): Promise<ViewRow | null> {
  const [row] = await selectViews(db, eq(views.id, id));
  return row ?? null;
}

/** As `findView`; nobody else changes it until the transaction ends. */
export async function lockView(tx: Db, id: string): Promise<ViewRow | null> {
  const [row] = await selectViews(tx, eq(views.id, id)).for("update", { of: views });
  return row ?? null;
}

/** How many views somebody has. @param userId null: those that keys made */
export async function countViewsOf(db: Db, userId: string | null): Promise<number> {
  const owner = userId === null ? isNull(views.ownerUserId) : eq(views.ownerUserId, userId);
  const [row] = await db.select({ views: count() }).from(views).where(owner);
  return row?.views ?? 0;
}

/** Adds a view. @returns its id. @throws where its owner has one of this name (`isTaken`) */
export async function insertView(db: Db, row: NewViewRow): Promise<string> {
  const [made] = await db.insert(views).values(row).returning({ id: views.id });
  if (!made) throw new Error("the view was not stored");
  return made.id;
}

/** Changes a view. @throws where its owner has another one of this name (`isTaken`) */
export async function updateViewRow(db: Db, id: string, change: Partial<NewViewRow>) {
  await db.update(views).set(change).where(eq(views.id, id));
}

export async function deleteViewRow(db: Db, id: string): Promise<void> {
  await db.delete(views).where(eq(views.id, id));
}
