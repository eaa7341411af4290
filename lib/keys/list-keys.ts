import { listKeysOf } from "@/db/queries/keys";
import type { ActionContext } from "@/lib/auth/actor";
import { toKeyAnswer } from "@/lib/keys/key-row";
import type { KeyAnswer } from "@/lib/keys/key-schemas";

/** Keys of these projects, newest first; revoked ones too. The caller has checked `keys.read` for each. */
export async function listKeys(
  context: Pick<ActionContext, "db">,
  projects: readonly { id: string }[],
): Promise<{ keys: KeyAnswer[] }> {
  const rows = await listKeysOf(
    context.db,
    projects.map((project) => project.id),
  );
  return { keys: rows.map(toKeyAnswer) };
}
