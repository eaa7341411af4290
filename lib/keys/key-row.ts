import type { KeyRow } from "@/db/queries/keys";
import type { KeyAnswer } from "@/lib/keys/key-schemas";
import { KEY_SCOPES } from "@/lib/permissions";

/** A stored key as it is answered. */
export function toKeyAnswer(row: KeyRow): KeyAnswer {
  return {
    id: row.id,
    name: row.name,
    project: row.projectSlug,
    prefix: row.prefix,
    scopes: KEY_SCOPES.filter((scope) => row.scopes.includes(scope)),
    installation: row.isInstallation,
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
  };
}
