import type { Db } from "@/db/postgres";
import {
  deleteSetupTokens,
  hasSetupToken,
  lockFirstRun,
  updateSettingsRow,
} from "@/db/queries/settings";
import { hasUsers, insertMembership, insertUser } from "@/db/queries/users";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { hashPassword } from "@/lib/auth/password";
import { OutlayError } from "@/lib/errors";
import { hashKey } from "@/lib/keys/hash-key";
import type { SetupInput } from "@/lib/users/setup-schemas";

/** What a setup link is good for now. */
export type SetupState = "open" | "done" | "invalid";

/** `open`: the token makes the first admin. `done`: somebody has an account. `invalid`: expired, mistyped or missing. */
export async function findSetupState(db: Db, token: string | null): Promise<SetupState> {
  if (await hasUsers(db)) return "done";
  const isKnown = token !== null && (await hasSetupToken(db, hashKey(token), new Date()));
  return isKnown ? "open" : "invalid";
}

/**
 * Makes the first admin, and names the organisation and its zone. The printed link is the permission:
 * it works once, and never when somebody has an account.
 * @throws OutlayError `conflict` when it is done already, `forbidden` for a link that is not good
 */
export async function completeSetup(
  context: { db: Db; requestId: string | null },
  input: SetupInput,
): Promise<{ email: string }> {
  // Before the slow hash, so that it cannot be caused without a link; and again under the lock.
  requireOpen(await findSetupState(context.db, input.token));
  const passwordHash = await hashPassword(input.password);
  const { email, name } = input;
  await context.db.transaction(async (tx) => {
    await lockFirstRun(tx);
    requireOpen(await findSetupState(tx, input.token));
    const id = await insertUser(tx, { email, name, passwordHash });
    const membership = { projectId: null, role: "admin" as const };
    await insertMembership(tx, { userId: id, ...membership });
    const settings = {
      organisationName: input.organisation_name,
      timeZone: input.time_zone,
    };
    await updateSettingsRow(tx, settings);
    await deleteSetupTokens(tx);
    const actor = { type: "user" as const, id, email, name, memberships: [membership] };
    const admin: ActionContext = { ...context, db: tx, actor };
    await recordAudit(tx, admin, {
      action: "user.create",
      targetType: "user",
      targetId: id,
      projectId: null,
      after: { email, name, memberships: [{ project: null, role: "admin" }] },
    });
    await recordAudit(tx, admin, {
      action: "settings.update",
      targetType: "settings",
      targetId: "organisation",
      projectId: null,
      after: { organisation_name: input.organisation_name, time_zone: input.time_zone },
    });
  });
  return { email };
}

function requireOpen(state: SetupState): void {
  if (state === "done") {
    throw new OutlayError("conflict", "The first account was made already. Sign in instead.");
  }
  if (state === "invalid") {
    throw new OutlayError(
      "forbidden",
      "This setup link does not work (any more). A restart of Outlay prints a new one.",
    );
  }
}
