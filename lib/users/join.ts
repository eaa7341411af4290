import type { Db } from "@/db/postgres";
import {
  deleteUserSetupLinks,
  findSetupLinkUser,
  lockMembers,
  setSessionsRevoked,
  updateUser,
} from "@/db/queries/members";
import { listMembershipsOf } from "@/db/queries/users";
import { recordAudit } from "@/lib/audit/record-audit";
import { hashPassword } from "@/lib/auth/password";
import { OutlayError } from "@/lib/errors";
import { hashKey } from "@/lib/keys/hash-key";

/** Whose password a link sets; null for one that is used, expired, replaced or mistyped. */
export function findInvited(db: Db, token: string) {
  return findSetupLinkUser(db, hashKey(token), new Date());
}

/**
 * Chooses a password with a one-time link. The link is the permission; it works once, and whoever was signed in as that
 * person is signed out.
 * @throws OutlayError `forbidden` for a link that is not good
 */
export async function join(
  context: { db: Db; requestId: string | null },
  input: { token: string; password: string },
): Promise<{ email: string }> {
  // Before the slow hash, so that it cannot be caused without a link; and again under the lock.
  requireInvited(await findInvited(context.db, input.token));
  const passwordHash = await hashPassword(input.password);
  return context.db.transaction(async (tx) => {
    await lockMembers(tx);
    const person = requireInvited(await findInvited(tx, input.token));
    await updateUser(tx, person.id, { passwordHash });
    await deleteUserSetupLinks(tx, person.id);
    await setSessionsRevoked(tx, person.id, new Date());
    const memberships = await listMembershipsOf(tx, person.id);
    const actor = { type: "user" as const, ...person, memberships };
    await recordAudit(
      tx,
      { ...context, db: tx, actor },
      { action: "user.set_password", targetType: "user", targetId: person.id, projectId: null },
    );
    return { email: person.email };
  });
}

function requireInvited<Person>(person: Person | null): Person {
  if (person) return person;
  throw new OutlayError(
    "forbidden",
    "This link does not work (any more). An admin can make you a new one.",
  );
}
