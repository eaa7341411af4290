import { findKey, type KeyRow } from "@/db/queries/keys";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { canSee } from "@/lib/projects/resolve-projects";

/**
 * The key that somebody is about to change.
 * @throws OutlayError `not_found` when it is not there or not to be known of, `forbidden` when it may
 * not be changed: an installation key by nobody below its own reach.
 */
export async function findOwnKey(context: ActionContext, id: string): Promise<KeyRow> {
  const row = await findKey(context.db, id);
  if (!row || !canSee(context.actor, row.projectId)) {
    throw new OutlayError("not_found", "There is no such key.");
  }
  requirePermission(context.actor, "keys.write", row.projectId);
  if (row.isInstallation) requirePermission(context.actor, "keys.write_installation", null);
  return row;
}
