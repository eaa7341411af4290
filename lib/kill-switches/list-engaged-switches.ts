import type { Db } from "@/db/postgres";
import { listSwitchRows } from "@/db/queries/kill-switches";
import { toKillSwitchAnswer } from "@/lib/kill-switches/kill-switch-answer";
import type { EngagedSwitchesAnswer } from "@/lib/kill-switches/kill-switch-schemas";
import type { ProjectAccess } from "@/lib/projects/resolve-projects";

/** Engaged ones stand first, so that these hold them all but in an installation where everything is stopped anyway. */
const MAX_SWITCHES = 100;

/**
 * What is stopped now in the reader's projects and everywhere. One small question: every page asks it, and it does not
 * count what stops.
 */
export async function listEngagedSwitches(
  { db, projects }: { db: Db; projects: readonly Pick<ProjectAccess, "id" | "slug">[] },
  nowMs = Date.now(),
): Promise<EngagedSwitchesAnswer> {
  const projectIds = projects.map(({ id }) => id);
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug]));
  const rows = await listSwitchRows(db, projectIds, MAX_SWITCHES);
  const switches = rows.map((row) => toKillSwitchAnswer(row, slugs, nowMs));
  return { switches: switches.filter(({ engaged }) => engaged) };
}
