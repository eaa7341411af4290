import { findKey, setKeyRevoked } from "@/db/queries/keys";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { findOwnKey } from "@/lib/keys/find-own-key";
import { toKeyAnswer } from "@/lib/keys/key-row";
import type { KeyAnswer } from "@/lib/keys/key-schemas";
import type { KeyVerifier } from "@/lib/keys/verify-key";

/**
 * Takes a key back: in this process from the next request on, in others within a minute. It stays
 * listed, so that "who used this?" keeps its answer. Revoking twice changes nothing.
 * @throws OutlayError `not_found`, `forbidden`
 */
export async function revokeKey(
  context: ActionContext & { keys: Pick<KeyVerifier, "forget"> },
  id: string,
): Promise<KeyAnswer> {
  const revoked = await context.db.transaction(async (tx) => {
    const before = await findOwnKey({ ...context, db: tx }, id);
    if (before.revokedAt) return toKeyAnswer(before);
    const at = new Date();
    await setKeyRevoked(tx, id, at);
    await recordAudit(tx, context, {
      action: "key.revoke",
      targetType: "key",
      targetId: id,
      projectId: before.projectId,
      before: { revoked_at: null },
      after: { revoked_at: at.toISOString() },
    });
    const stored = await findKey(tx, id);
    return toKeyAnswer(stored ?? before);
  });
  context.keys.forget({ keyId: id });
  return revoked;
}
