import type { StoredCall } from "@/db/clickhouse/queries/revise-calls";
import type { Db } from "@/db/postgres";
import type { CorrectionRow } from "@/db/queries/corrections";
import { eraseSessionsOfOutcomes } from "@/db/queries/outcomes";
import { ERASED } from "@/lib/corrections/decide-revision";
import { erasedName } from "@/lib/corrections/read-correction-page";

/**
 * Takes the sessions of calls that an erasure is about to reach out of their project's outcomes: a session that somebody
 * shared leads to them too. An outcome names no user, so which sessions are a user's only their calls can tell: it is
 * done before they lose the name, and may be done again.
 */
export async function eraseOutcomes(
  db: Db,
  row: CorrectionRow,
  calls: readonly Pick<StoredCall, "session" | "sent_tags">[],
): Promise<void> {
  const erased = erasedName(row);
  const [projectId] = row.projectIds;
  if (!erased || row.isDryRun || projectId === undefined) return;
  const sessions = new Set(calls.flatMap(({ session, sent_tags }) => [session, sent_tags.session]));
  // One that no call names is erased too.
  if (erased.column === "session") sessions.add(erased.name);
  const named = [...sessions].filter((name): name is string => Boolean(name) && name !== ERASED);
  await eraseSessionsOfOutcomes(db, { projectId, sessions: named, replacement: ERASED });
}
