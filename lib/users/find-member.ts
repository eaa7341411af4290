import { listMembers, type MemberRow } from "@/db/queries/members";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";

/**
 * The person that somebody is about to change.
 * @throws OutlayError `forbidden`, `not_found`
 */
export async function findMember(context: ActionContext, id: string): Promise<MemberRow> {
  requirePermission(context.actor, "users.write", null);
  const [row] = await listMembers(context.db, id);
  if (!row) throw new OutlayError("not_found", "There is no such person.");
  return row;
}
