import { deleteViewRow } from "@/db/queries/views";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { findChangeableView } from "@/lib/views/find-changeable-view";
import { toViewAnswer } from "@/lib/views/view-row";
import type { ViewAnswer } from "@/lib/views/view-schemas";

/**
 * Deletes a view; links that were copied from it go on working.
 * @returns it as it was
 * @throws OutlayError `not_found`, `forbidden`
 */
export async function deleteView(context: ActionContext, id: string): Promise<ViewAnswer> {
  return context.db.transaction(async (tx) => {
    const row = await findChangeableView({ ...context, db: tx }, id);
    await deleteViewRow(tx, id);
    const { name, screen, query, isShared, projectId } = row;
    await recordAudit(tx, context, {
      action: "view.delete",
      targetType: "view",
      targetId: id,
      projectId,
      before: { name, screen, query, isShared },
    });
    return toViewAnswer(row, context.actor);
  });
}
