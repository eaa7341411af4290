import { findKey, updateKeyName } from "@/db/queries/keys";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { findOwnKey } from "@/lib/keys/find-own-key";
import { toKeyAnswer } from "@/lib/keys/key-row";
import type { KeyAnswer } from "@/lib/keys/key-schemas";

/** Renames a key. @throws OutlayError `not_found`, `forbidden` */
export async function updateKey(
  context: ActionContext,
  id: string,
  input: { name: string },
): Promise<KeyAnswer> {
  return context.db.transaction(async (tx) => {
    const before = await findOwnKey({ ...context, db: tx }, id);
    await updateKeyName(tx, id, input.name);
    await recordAudit(tx, context, {
      action: "key.rename",
      targetType: "key",
      targetId: id,
      projectId: before.projectId,
      before: { name: before.name },
      after: { name: input.name },
    });
    const stored = await findKey(tx, id);
    return toKeyAnswer(stored ?? before);
  });
}
