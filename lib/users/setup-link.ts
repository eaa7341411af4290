import { randomBytes } from "node:crypto";
import type { Db } from "@/db/postgres";
import { putUserSetupLink } from "@/db/queries/members";
import { hashKey } from "@/lib/keys/hash-key";
import { joinPath } from "@/lib/paths";
import type { SetupLinkAnswer } from "@/lib/users/user-schemas";

/** As the first admin's: a link that lies in a mailbox is no way in for ever. */
const LINK_DAYS = 7;

/**
 * Makes a person's one-time link; an earlier one stops working. The answer is the only place where its token stands.
 * @param publicUrl where people reach this installation
 */
export async function putSetupLink(
  tx: Db,
  userId: string,
  publicUrl: string,
): Promise<SetupLinkAnswer> {
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + LINK_DAYS * 86_400_000);
  await putUserSetupLink(tx, { userId, hash: hashKey(token), expiresAt });
  return { setup_url: `${publicUrl}${joinPath(token)}`, expires_at: expiresAt.toISOString() };
}
