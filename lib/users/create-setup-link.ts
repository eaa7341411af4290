import { lockMembers } from "@/db/queries/members";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { findMember } from "@/lib/users/find-member";
import { requireOwnRights } from "@/lib/users/resolve-memberships";
import { putSetupLink } from "@/lib/users/setup-link";
import type { SetupLinkAnswer } from "@/lib/users/user-schemas";

/**
 * Makes a new one-time link for somebody who lost theirs, or their password. The present password works until the link
 * is used.
 * @throws OutlayError `forbidden`, `not_found`, `conflict` for somebody who is deactivated
 */
export async function createSetupLink(
  context: ActionContext & { publicUrl: string },
  id: string,
): Promise<SetupLinkAnswer> {
  return context.db.transaction(async (tx) => {
    await lockMembers(tx);
    const member = await findMember({ ...context, db: tx }, id);
    if (member.disabledAt) {
      throw new OutlayError("conflict", `${member.name} is deactivated. Let them back in first.`);
    }
    // Who holds the link becomes that person.
    requireOwnRights(context, member.memberships);
    const link = await putSetupLink(tx, id, context.publicUrl);
    await recordAudit(tx, context, {
      action: "user.create_setup_link",
      targetType: "user",
      targetId: id,
      projectId: null,
      after: { expires_at: link.expires_at },
    });
    return link;
  });
}
