import { listMembers, lockMembers, replaceMemberships } from "@/db/queries/members";
import { findUserByEmail, insertUser } from "@/db/queries/users";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { requireOwnRights, resolveMemberships } from "@/lib/users/resolve-memberships";
import { putSetupLink } from "@/lib/users/setup-link";
import { toUserAnswer } from "@/lib/users/user-row";
import type { CreatedUser, CreateUserInput } from "@/lib/users/user-schemas";

/**
 * Adds a person, and makes the one-time link with which they choose a password. Nobody sends it: whoever added them
 * hands it over.
 * @throws OutlayError `forbidden`, `conflict` for an e-mail address that is known, `not_found` for a project
 */
export async function createUser(
  context: ActionContext & { publicUrl: string },
  input: CreateUserInput,
): Promise<CreatedUser> {
  requirePermission(context.actor, "users.write", null);
  return context.db.transaction(async (tx) => {
    await lockMembers(tx);
    const memberships = await resolveMemberships({ db: tx }, input.memberships);
    requireOwnRights(context, memberships);
    const { email, name } = input;
    if (await findUserByEmail(tx, email)) {
      throw new OutlayError("conflict", `${email} is a member already.`);
    }
    const id = await insertUser(tx, { email, name });
    await replaceMemberships(tx, id, memberships);
    const link = await putSetupLink(tx, id, context.publicUrl);
    await recordAudit(tx, context, {
      action: "user.create",
      targetType: "user",
      targetId: id,
      projectId: null,
      after: { email, name, memberships: input.memberships },
    });
    const [row] = await listMembers(tx, id);
    if (!row) throw new Error("the user was not stored");
    return { ...toUserAnswer(row), ...link };
  });
}
