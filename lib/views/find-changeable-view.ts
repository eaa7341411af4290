import { lockView, type ViewRow } from "@/db/queries/views";
import type { ActionContext } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { canSee } from "@/lib/projects/resolve-projects";
import { requireViewRight } from "@/lib/views/place-view";
import { isOwnView } from "@/lib/views/view-row";

/**
 * The view that somebody is about to change: their own, or, for who manages them, a shared one. It is locked until the
 * transaction of `context.db` ends: a change writes the whole row, and must not undo what another one wrote meanwhile.
 * @throws OutlayError `not_found` when it is not there or not to be known of (somebody else's private one is nobody's
 * business, an admin's neither), `forbidden` when it is another's and may not be changed
 */
export async function findChangeableView(context: ActionContext, id: string): Promise<ViewRow> {
  const { actor } = context;
  const row = await lockView(context.db, id);
  const isInSight = row && (row.projectId === null || canSee(actor, row.projectId));
  if (!row || !isInSight || !(row.isShared || isOwnView(actor, row))) {
    throw new OutlayError("not_found", "There is no such view.");
  }
  requireViewRight(actor, isOwnView(actor, row) ? "views.save" : "views.manage", row.projectId);
  return row;
}
