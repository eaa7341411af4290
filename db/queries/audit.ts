import { and, eq, gte } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { auditEvents } from "@/db/schema/audit";

export type NewAuditEvent = typeof auditEvents.$inferInsert;

/** Adds one row to the audit trail; call it with the transaction of the change. */
export async function insertAuditEvent(db: Db, event: NewAuditEvent): Promise<void> {
  await db.insert(auditEvents).values(event);
}

/** Whether somebody did something to something since an instant. */
export async function hasAuditSince(
  db: Db,
  asked: { projectId: string; actorId: string; action: string; targetId: string; since: Date },
): Promise<boolean> {
  const [row] = await db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.projectId, asked.projectId),
        gte(auditEvents.at, asked.since),
        eq(auditEvents.actorId, asked.actorId),
        eq(auditEvents.action, asked.action),
        eq(auditEvents.targetId, asked.targetId),
      ),
    )
    .limit(1);
  return row !== undefined;
}
