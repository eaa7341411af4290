import { and, asc, eq, inArray, isNull, or } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { channels } from "@/db/schema/alerts";

export type ChannelRow = typeof channels.$inferSelect;
export type NewChannelRow = typeof channels.$inferInsert;

/** Adds a channel. */
export async function insertChannelRow(tx: Db, row: NewChannelRow): Promise<ChannelRow> {
  const [made] = await tx.insert(channels).values(row).returning();
  if (!made) throw new Error("the channel was not stored");
  return made;
}

/** One channel, removed or not; or null. */
export async function findChannelRow(db: Db, id: string): Promise<ChannelRow | null> {
  const [row] = await db.select().from(channels).where(eq(channels.id, id));
  return row ?? null;
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockChannelRow(tx: Db, id: string): Promise<ChannelRow | null> {
  const [row] = await tx.select().from(channels).where(eq(channels.id, id)).for("update");
  return row ?? null;
}

/** Channels of these projects and of all of them that are not removed, by name. */
export async function listChannelRows(
  db: Db,
  projectIds: readonly string[],
): Promise<ChannelRow[]> {
  const inSight = or(isNull(channels.projectId), inArray(channels.projectId, [...projectIds]));
  return db
    .select()
    .from(channels)
    .where(and(inSight, isNull(channels.archivedAt)))
    .orderBy(asc(channels.name), asc(channels.id));
}

/** Every channel that notices may be sent to. */
export async function listActiveChannelRows(db: Db): Promise<ChannelRow[]> {
  return db.select().from(channels).where(isNull(channels.archivedAt)).orderBy(asc(channels.id));
}

/** Channels by id, removed ones too. */
export async function listChannelRowsById(db: Db, ids: readonly string[]): Promise<ChannelRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(channels)
    .where(inArray(channels.id, [...ids]));
}

/** Changes a channel. @returns it as it is now */
export async function updateChannelRow(
  tx: Db,
  id: string,
  change: Partial<NewChannelRow>,
): Promise<ChannelRow> {
  const [row] = await tx.update(channels).set(change).where(eq(channels.id, id)).returning();
  if (!row) throw new Error("the channel is gone");
  return row;
}
