import { acknowledgeAlertRow, lockAlertRow } from "@/db/queries/alerts";
import type { AcknowledgeAlertInput } from "@/lib/alerts/alert-schemas";
import { alertNotFound, findHandledAlert } from "@/lib/alerts/find-alert";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";

/**
 * Says that somebody is at it, and who. Doing it again puts the later one in place of the first.
 * @throws OutlayError `not_found`, `forbidden`
 */
export async function acknowledgeAlert(
  context: ActionContext,
  id: string,
  { note }: AcknowledgeAlertInput,
  nowMs = Date.now(),
): Promise<void> {
  await findHandledAlert(context, id);
  await context.db.transaction(async (tx) => {
    const row = await lockAlertRow(tx, id);
    if (!row) throw alertNotFound();
    const by = context.actor.name;
    await acknowledgeAlertRow(tx, id, { at: new Date(nowMs), by, note });
    await recordAudit(tx, context, {
      action: "alert.acknowledge",
      targetType: "alert",
      targetId: id,
      projectId: row.projectId,
      before: { by: row.acknowledgedBy, note: row.acknowledgedNote },
      after: { by, note },
    });
  });
}
