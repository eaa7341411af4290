import { randomBytes } from "node:crypto";
import type { Db, Postgres } from "@/db/postgres";
import { findKeyRevocation, insertKey } from "@/db/queries/keys";
import { findProjectBySlug } from "@/db/queries/projects";
import { insertSetupToken, lockFirstRun } from "@/db/queries/settings";
import { findUserByEmail, hasUsers, insertMembership, insertUser } from "@/db/queries/users";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { hashPassword } from "@/lib/auth/password";
import type { Env } from "@/lib/env";
import { shownPartOf } from "@/lib/keys/generate-key";
import { hashKey } from "@/lib/keys/hash-key";
import type { Log } from "@/lib/log";
import { KEY_SCOPES } from "@/lib/permissions";
import { loadSecrets, type Secrets } from "@/lib/settings/load-secrets";

/** A link that was printed and forgotten in a scrollback is no way in for ever. */
const SETUP_LINK_DAYS = 7;

export interface FirstRun {
  secrets: Secrets;
  /** Path of the one-time link to print (`/setup?token=…`); null where somebody has an account, or this process serves no pages. */
  setupPath: string | null;
}

/**
 * What a start makes where it is missing: secrets, the key of OUTLAY_API_KEY, the admin of
 * OUTLAY_ADMIN_EMAIL, or else a one-time setup link. Safe when several processes start at once.
 */
export async function ensureFirstRun(options: {
  postgres: Postgres;
  env: Env;
  log: Log;
}): Promise<FirstRun> {
  const { postgres, env, log } = options;
  const secrets = await loadSecrets({ postgres, env });
  const setupPath = await postgres.db.transaction(async (tx) => {
    await lockFirstRun(tx);
    const context: ActionContext = {
      actor: { type: "system", id: "first-run", name: "start of the process" },
      db: tx,
      requestId: null,
    };
    if (env.apiKey) await ensureInstallationKey(context, env.apiKey, log);
    if (env.admin) await ensureAdmin(context, env.admin);
    if (env.role === "ingest" || (await hasUsers(tx))) return null;
    return makeSetupPath(tx);
  });
  return { secrets, setupPath };
}

async function ensureInstallationKey(context: ActionContext, key: string, log: Log): Promise<void> {
  const hash = hashKey(key);
  const revokedAt = await findKeyRevocation(context.db, hash);
  // Somebody revoked it on purpose: a restart must not undo that.
  if (revokedAt) log.warn("the key in OUTLAY_API_KEY is revoked and is not made again");
  if (revokedAt !== undefined) return;
  const project = await findProjectBySlug(context.db, "default");
  if (!project) throw new Error("the project default is missing");
  const row = {
    projectId: project.id,
    name: "OUTLAY_API_KEY",
    prefix: shownPartOf(key),
    scopes: [...KEY_SCOPES],
    isInstallation: true,
  };
  const id = await insertKey(context.db, { ...row, hash });
  if (!id) return;
  await recordAudit(context.db, context, {
    action: "key.create",
    targetType: "key",
    targetId: id,
    projectId: project.id,
    after: row,
  });
}

/** Makes the account only where the e-mail has none: its password may have been changed since. */
async function ensureAdmin(
  context: ActionContext,
  admin: { email: string; password: string },
): Promise<void> {
  const { email } = admin;
  if (await findUserByEmail(context.db, email)) return;
  const passwordHash = await hashPassword(admin.password);
  const name = email.split("@")[0] ?? email;
  const id = await insertUser(context.db, { email, name, passwordHash });
  await insertMembership(context.db, { userId: id, projectId: null, role: "admin" });
  await recordAudit(context.db, context, {
    action: "user.create",
    targetType: "user",
    targetId: id,
    projectId: null,
    after: { email, name, memberships: [{ project: null, role: "admin" }] },
  });
}

async function makeSetupPath(tx: Db): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + SETUP_LINK_DAYS * 86_400_000);
  await insertSetupToken(tx, hashKey(token), expiresAt);
  return `/setup?token=${token}`;
}
