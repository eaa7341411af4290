import type { Db } from "@/db/postgres";
import { auditEvents } from "@/db/schema/audit";

export type NewAuditEvent = typeof auditEvents.$inferInsert;

/** Adds one row to the audit trail; call it with the transaction of the change. */
export async function insertAuditEvent(db: Db, event: NewAuditEvent): Promise<void> {
  await db.insert(auditEvents).values(event);
}
