import type { Db } from "@/db/postgres";
import {
  countAdmins,
  deleteUserSetupLinks,
  lockMembers,
  type MemberRow,
  replaceMemberships,
  setSessionsRevoked,
  updateUser as updateUserRow,
} from "@/db/queries/members";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { findMember } from "@/lib/users/find-member";
import { requireOwnRights, resolveMemberships } from "@/lib/users/resolve-memberships";
import { toUserAnswer } from "@/lib/users/user-row";
import type { UpdateUserInput, UserAnswer } from "@/lib/users/user-schemas";

/**
 * Changes a person: the name, all their roles at once, or whether they may sign in. It counts from their next request
 * on. Keys they made are machines' and go on working.
 * @throws OutlayError `forbidden`, `not_found`, `conflict` where no admin of every project would be left
 */
export async function updateUser(
  context: ActionContext,
  id: string,
  input: UpdateUserInput,
): Promise<UserAnswer> {
  return context.db.transaction(async (tx) => {
    await lockMembers(tx);
    const within = { ...context, db: tx };
    const before = await findMember(within, id);
    const adminsBefore = await countAdmins(tx);
    if (input.memberships) {
      const rows = await resolveMemberships(within, input.memberships);
      requireOwnRights(context, rows);
      await replaceMemberships(tx, id, rows);
    }
    if (input.name !== undefined) await updateUserRow(tx, id, { name: input.name });
    if (input.disabled !== undefined) await setDisabled(within, before, input.disabled);
    // Where there was none (all of them removed by hand), a change of somebody else must still be possible.
    if (adminsBefore > 0 && (await countAdmins(tx)) === 0) {
      throw new OutlayError(
        "conflict",
        "This is the last admin of every project who can sign in. Make another one first.",
      );
    }
    const after = toUserAnswer(await findMember(within, id));
    await recordAudit(tx, context, {
      action: "user.update",
      targetType: "user",
      targetId: id,
      projectId: null,
      before: shownOf(toUserAnswer(before)),
      after: shownOf(after),
    });
    return after;
  });
}

async function setDisabled(
  { db, ...context }: ActionContext & { db: Db },
  member: MemberRow,
  isDisabled: boolean,
): Promise<void> {
  if (isDisabled === (member.disabledAt !== null)) return;
  // Letting somebody back in gives them what they had.
  if (!isDisabled) requireOwnRights(context, member.memberships);
  const at = new Date();
  await updateUserRow(db, member.id, { disabledAt: isDisabled ? at : null });
  // Their sign-ins and links must not come back to life with them.
  await setSessionsRevoked(db, member.id, at);
  await deleteUserSetupLinks(db, member.id);
}

function shownOf({ name, state, memberships }: UserAnswer) {
  return { name, state, memberships };
}
