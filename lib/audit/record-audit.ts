import { isDeepStrictEqual } from "node:util";
import type { Db } from "@/db/postgres";
import { insertAuditEvent } from "@/db/queries/audit";
import type { ActionContext } from "@/lib/auth/actor";

/** What was done to what. `before` and `after` hold what changed, and never a secret. */
export interface AuditEntry {
  action: string;
  targetType:
    | "alert_rule"
    | "budget"
    | "alert"
    | "call"
    | "channel"
    | "correction"
    | "integrity_run"
    | "key"
    | "kill_switch"
    | "project"
    | "price"
    | "rejection"
    | "settings"
    | "user"
    | "user_session"
    | "view";
  targetId: string;
  projectId: string | null;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/**
 * Writes the audit row of a change. `tx` is the transaction of the change itself: a change without its
 * row, or a row without its change, cannot be stored. What is after as it was before was not changed: no row.
 */
export async function recordAudit(
  tx: Db,
  context: ActionContext,
  entry: AuditEntry,
): Promise<void> {
  const { actor } = context;
  if (entry.before && isDeepStrictEqual(entry.before, entry.after)) return;
  await insertAuditEvent(tx, {
    actorType: actor.type,
    actorId: actor.id,
    actorName: actor.type === "user" ? `${actor.name} <${actor.email}>` : actor.name,
    requestId: context.requestId,
    ...entry,
  });
}
