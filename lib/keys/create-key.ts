import { findKey, insertKey } from "@/db/queries/keys";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { generateKey, shownPartOf } from "@/lib/keys/generate-key";
import { hashKey } from "@/lib/keys/hash-key";
import { toKeyAnswer } from "@/lib/keys/key-row";
import type { CreateKeyInput, KeyAnswer } from "@/lib/keys/key-schemas";
import { findVisibleProject } from "@/lib/projects/find-visible-project";

/**
 * Makes a key. The answer is the only place where it ever stands in the clear.
 * @param replacesKeyId the key that it is to take over from; the audit row names it
 * @throws OutlayError `forbidden`, `not_found` for the project
 */
export async function createKey(
  context: ActionContext,
  input: CreateKeyInput,
  replacesKeyId: string | null = null,
): Promise<KeyAnswer & { key: string }> {
  const project = await findVisibleProject(context, input.project ?? "default");
  requirePermission(context.actor, "keys.write", project.id);
  if (input.installation) requirePermission(context.actor, "keys.write_installation", null);
  requireOwnScopes(context, input);
  const key = generateKey();
  const row = {
    projectId: project.id,
    name: input.name,
    prefix: shownPartOf(key),
    scopes: [...new Set(input.scopes)],
    isInstallation: input.installation,
  };
  return context.db.transaction(async (tx) => {
    const createdByUserId = context.actor.type === "user" ? context.actor.id : null;
    const id = await insertKey(tx, { ...row, createdByUserId, hash: hashKey(key) });
    const stored = id ? await findKey(tx, id) : null;
    if (!stored) throw new Error("the key was not stored");
    await recordAudit(tx, context, {
      action: "key.create",
      targetType: "key",
      targetId: stored.id,
      projectId: project.id,
      after: replacesKeyId === null ? row : { ...row, replaces: replacesKeyId },
    });
    return { ...toKeyAnswer(stored), key };
  });
}

/** A key makes no key that may do more than itself: a leaked `admin` one would otherwise read every prompt. */
function requireOwnScopes({ actor }: ActionContext, input: CreateKeyInput): void {
  if (actor.type !== "key") return;
  const more = input.scopes.filter((scope) => !actor.scopes.includes(scope));
  if (more.length === 0) return;
  throw new OutlayError(
    "forbidden",
    `A key gives no scope that it does not have itself: ${more.join(", ")}.`,
  );
}
