import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { listRecentAgents } from "@/db/clickhouse/queries/sum-recent-calls";
import type { Db } from "@/db/postgres";
import { listInstances } from "@/db/queries/instances";
import { listSwitchChanges, listSwitchRows } from "@/db/queries/kill-switches";
import { isEngaged } from "@/lib/budgets/policy-holder";
import { countInstances } from "@/lib/instances/count-instances";
import { COUNTED_FOR_MS, sumObedience } from "@/lib/instances/sum-obedience";
import { plainUsd, recentRange } from "@/lib/kill-switches/count-stopped";
import { scopeOf, toKillSwitchAnswer } from "@/lib/kill-switches/kill-switch-answer";
import { type KillSwitchListAnswer, SWITCH_SCOPES } from "@/lib/kill-switches/kill-switch-schemas";
import { recallStopped } from "@/lib/kill-switches/recall-stopped";
import type { Log } from "@/lib/log";
import type { ProjectAccess } from "@/lib/projects/resolve-projects";

const MAX_SWITCHES = 500;
const MAX_AGENTS = 200;
const MAX_HISTORY = 100;
const MAX_INSTANCES = 20_000;

/** Who reads, and the stores. */
export interface SwitchReader {
  db: Db;
  clickhouse: ClickHouse;
  log: Log;
  projects: readonly Pick<ProjectAccess, "id" | "slug">[];
}

/** Every switch of the reader's projects and the global one, who called just now, and what people did to them. */
export async function listKillSwitches(
  reader: SwitchReader,
  nowMs = Date.now(),
): Promise<KillSwitchListAnswer> {
  const { db, clickhouse, projects } = reader;
  const projectIds = projects.map(({ id }) => id);
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug]));
  const rows = await listSwitchRows(db, projectIds, MAX_SWITCHES);
  const [stops, agents, history, instances] = await Promise.all([
    Promise.all(
      rows.map((row) =>
        isEngaged(row, nowMs)
          ? orNull(
              reader,
              recallStopped(clickhouse, { ...row, scope: scopeOf(row) }, projectIds, nowMs),
            )
          : null,
      ),
    ),
    orNull(reader, listAgents(reader, slugs, nowMs)),
    listHistory(db, projectIds, slugs),
    listInstances(db, {
      projectIds,
      since: new Date(nowMs - COUNTED_FOR_MS),
      limit: MAX_INSTANCES,
    }),
  ]);
  return {
    switches: rows.map((row, index) => ({
      ...toKillSwitchAnswer(row, slugs, nowMs),
      stops: stops[index] ?? null,
      obedience: isEngaged(row, nowMs) ? sumObedience(row, instances, nowMs) : null,
    })),
    agents,
    instance_counts: countInstances(instances, slugs, nowMs),
    history,
  };
}

/** A switch is wanted most when something is wrong: without the calls' store the rest is answered, and says so. */
export async function orNull<T>({ log }: { log: Log }, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    log.warn({ err: error }, "what a switch stops could not be counted");
    return null;
  }
}

async function listAgents(
  { clickhouse }: SwitchReader,
  slugs: ReadonlyMap<string, string>,
  nowMs: number,
) {
  const rows = await listRecentAgents(clickhouse, {
    projectIds: [...slugs.keys()],
    ...recentRange(nowMs),
    limit: MAX_AGENTS,
  });
  return rows.map(({ project_id, agent, calls, cost, sessions, last_us }) => ({
    project: slugs.get(project_id) ?? "",
    agent: agent || null,
    calls,
    cost_usd: plainUsd(cost),
    running_sessions: sessions,
    last_at: new Date(last_us / 1000).toISOString(),
  }));
}

/** What `setKillSwitch` writes. */
const change = z.object({
  scope: z.enum(SWITCH_SCOPES),
  value: z.string().nullable(),
  engaged: z.boolean(),
  reason: z.string(),
  until: z.string().nullable(),
});

async function listHistory(
  db: Db,
  projectIds: readonly string[],
  slugs: ReadonlyMap<string, string>,
): Promise<KillSwitchListAnswer["history"]> {
  const rows = await listSwitchChanges(db, projectIds, MAX_HISTORY);
  return rows.map(({ at, actorName, projectId, after }) => {
    const { scope, value, engaged, reason, until } = change.parse(after);
    const project = projectId === null ? null : (slugs.get(projectId) ?? null);
    return {
      at: at.toISOString(),
      by: actorName,
      scope,
      project,
      value: scope === "project" ? project : value,
      engaged,
      reason,
      until,
    };
  });
}
