import type { Db } from "@/db/postgres";
import {
  findOutcomesOfSessions,
  findOutcomesOfTasks,
  listProjectsOfTaskOutcomes,
} from "@/db/queries/find-outcomes";
import { ERASED } from "@/lib/corrections/decide-revision";
import type { OUTCOME_STATUSES } from "@/lib/outcomes/outcome-schemas";

/** How a session ended. */
export interface SessionOutcome {
  status: (typeof OUTCOME_STATUSES)[number];
  /** Decimal string of US dollars; null: not told. */
  valueUsd: string | null;
}

/** What is needed of a session. */
interface AskedSession {
  project_id: string;
  /** "": a trace without one. */
  session: string;
}

/**
 * The latest outcome that names each session; where none does, the latest of its calls' tasks that names no session.
 * Erased sessions go by one name and are many: no outcome is theirs.
 * @param listTasks the tasks of each of these sessions; asked only where outcomes without a session may be theirs
 * @returns in the order of `sessions`; null: none was received up to `asOfUs` (microseconds since 1970)
 */
export async function findSessionOutcomes<Session extends AskedSession>(
  { db, asOfUs }: { db: Db; asOfUs: number },
  sessions: readonly Session[],
  listTasks: (sessions: readonly Session[]) => Promise<readonly (readonly string[])[]>,
): Promise<(SessionOutcome | null)[]> {
  const upTo = new Date(Math.floor(asOfUs / 1000));
  const placed = sessions
    .map((session, place) => ({ session, place }))
    .filter(({ session }) => session.session !== ERASED);
  const named = placed.filter(({ session }) => session.session !== "");
  const found = await findOutcomesOfSessions(
    db,
    named.map(({ session, place }) => {
      return { place, projectId: session.project_id, session: session.session };
    }),
    upTo,
  );
  const known = new Set(found.map(({ place }) => place));
  const projectIds = [...new Set(placed.map(({ session }) => session.project_id))];
  const told = new Set(await listProjectsOfTaskOutcomes(db, projectIds));
  const left = placed.filter(
    ({ session, place }) => !known.has(place) && told.has(session.project_id),
  );
  if (left.length > 0) {
    const lists = await listTasks(left.map(({ session }) => session));
    const asked = left.flatMap(({ session, place }, i) =>
      (lists[i] ?? []).map((task) => ({ place, projectId: session.project_id, task })),
    );
    found.push(...(await findOutcomesOfTasks(db, asked, upTo)));
  }
  const byPlace = new Map(found.map((row) => [row.place, row]));
  return sessions.map((_, place) => {
    const row = byPlace.get(place);
    return row ? { status: row.status, valueUsd: row.value_usd } : null;
  });
}
