import type { ActionContext } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { createKey } from "@/lib/keys/create-key";
import { findOwnKey } from "@/lib/keys/find-own-key";
import { toKeyAnswer } from "@/lib/keys/key-row";
import type { KeyAnswer } from "@/lib/keys/key-schemas";

/**
 * Makes a key with the name, scopes and reach of another one. The other goes on working until somebody revokes it, so
 * that nothing stops while its users change over.
 * @throws OutlayError `not_found`, `forbidden`, `conflict` for a key that is revoked
 */
export async function rotateKey(
  context: ActionContext,
  id: string,
): Promise<KeyAnswer & { key: string }> {
  return context.db.transaction(async (tx) => {
    const row = await findOwnKey({ ...context, db: tx }, id);
    const { name, project, scopes, installation, revoked_at } = toKeyAnswer(row);
    // What somebody took back on purpose does not come back under another name.
    if (revoked_at) throw new OutlayError("conflict", "This key is revoked. Make a new one.");
    return createKey({ ...context, db: tx }, { name, project, scopes, installation }, id);
  });
}
