import { and, desc, eq, inArray, isNull, lt, or, type SQL } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { apiKeys } from "@/db/schema/keys";
import { projects } from "@/db/schema/projects";
import { users } from "@/db/schema/users";

export type NewKeyRow = typeof apiKeys.$inferInsert;
export type KeyRow = Awaited<ReturnType<typeof selectKeys>>[number];

function selectKeys(db: Db, condition: SQL | undefined) {
  return db
    .select({
      id: apiKeys.id,
      projectId: apiKeys.projectId,
      projectSlug: projects.slug,
      name: apiKeys.name,
      prefix: apiKeys.prefix,
      scopes: apiKeys.scopes,
      isInstallation: apiKeys.isInstallation,
      createdBy: users.name,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
      revokedAt: apiKeys.revokedAt,
    })
    .from(apiKeys)
    .innerJoin(projects, eq(projects.id, apiKeys.projectId))
    .leftJoin(users, eq(users.id, apiKeys.createdByUserId))
    .where(condition)
    .orderBy(desc(apiKeys.createdAt), apiKeys.id);
}

/** Keys of these projects, newest first, revoked ones too. */
export async function listKeysOf(db: Db, projectIds: readonly string[]): Promise<KeyRow[]> {
  if (!projectIds.length) return [];
  return selectKeys(db, inArray(apiKeys.projectId, [...projectIds]));
}

/** One key by id, or null. */
export async function findKey(db: Db, id: string): Promise<KeyRow | null> {
  const [row] = await selectKeys(db, eq(apiKeys.id, id));
  return row ?? null;
}

/** A live key by its hash with what ingest must know of its project; null when unknown, revoked or of a removed project. */
export async function findLiveKeyByHash(db: Db, hash: string) {
  const [row] = await db
    .select({
      keyId: apiKeys.id,
      name: apiKeys.name,
      projectId: apiKeys.projectId,
      projectSlug: projects.slug,
      scopes: apiKeys.scopes,
      isInstallation: apiKeys.isInstallation,
      trustsReportedCost: projects.trustsReportedCost,
      requiredTags: projects.requiredTags,
      keepsContent: projects.keepsContent,
      contentRetentionDays: projects.contentRetentionDays,
      redactionPatterns: projects.redactionPatterns,
      tagMapping: projects.tagMapping,
    })
    .from(apiKeys)
    .innerJoin(projects, eq(projects.id, apiKeys.projectId))
    .where(and(eq(apiKeys.hash, hash), isNull(apiKeys.revokedAt), isNull(projects.archivedAt)));
  return row ?? null;
}

/** Adds a key. @returns its id, or null where the hash is there already. */
export async function insertKey(db: Db, row: NewKeyRow): Promise<string | null> {
  const [made] = await db
    .insert(apiKeys)
    .values(row)
    .onConflictDoNothing({ target: apiKeys.hash })
    .returning({ id: apiKeys.id });
  return made?.id ?? null;
}

/** When the key of a hash was revoked; undefined without such a key. */
export async function findKeyRevocation(db: Db, hash: string): Promise<Date | null | undefined> {
  const [row] = await db
    .select({ revokedAt: apiKeys.revokedAt })
    .from(apiKeys)
    .where(eq(apiKeys.hash, hash));
  return row?.revokedAt;
}

export async function updateKeyName(db: Db, id: string, name: string): Promise<void> {
  await db.update(apiKeys).set({ name }).where(eq(apiKeys.id, id));
}

/** Revokes a key; one that is revoked keeps its time. */
export async function setKeyRevoked(db: Db, id: string, at: Date): Promise<void> {
  await db
    .update(apiKeys)
    .set({ revokedAt: at })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)));
}

/** Revokes every key of a project. @returns the ids of those that were live. */
export async function setProjectKeysRevoked(db: Db, projectId: string, at: Date) {
  const rows = await db
    .update(apiKeys)
    .set({ revokedAt: at })
    .where(and(eq(apiKeys.projectId, projectId), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
  return rows.map((row) => row.id);
}

/** Notes when a key was last used; an older time never replaces a newer one. */
export async function updateKeyLastUsed(db: Db, id: string, at: Date): Promise<void> {
  await db
    .update(apiKeys)
    .set({ lastUsedAt: at })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, at))));
}
