import { eq } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { auditEvents } from "@/db/schema/audit";

/** The audit rows of one thing, oldest first. */
export async function auditOf(db: Db, targetId: string) {
  return db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.targetId, targetId))
    .orderBy(auditEvents.at);
}
