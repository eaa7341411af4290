import { asc, eq } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { linkBatches } from "@/db/schema/link-batches";

export type LinkBatchRow = typeof linkBatches.$inferSelect;

/** Stores what is about to be written. @returns it as stored */
export async function insertLinkBatch(
  db: Db,
  row: { projectId: string; changes: unknown },
): Promise<LinkBatchRow> {
  const [made] = await db.insert(linkBatches).values(row).returning();
  if (!made) throw new Error("the batch was not stored");
  return made;
}

/** Those that were begun and are not finished, oldest first. */
export function listLinkBatches(db: Db): Promise<LinkBatchRow[]> {
  return db.select().from(linkBatches).orderBy(asc(linkBatches.createdAt), asc(linkBatches.id));
}

/** Takes a finished one away. @returns false where it was gone: somebody finished it before */
export async function deleteLinkBatch(tx: Db, id: string): Promise<boolean> {
  const gone = await tx.delete(linkBatches).where(eq(linkBatches.id, id)).returning();
  return gone.length > 0;
}
