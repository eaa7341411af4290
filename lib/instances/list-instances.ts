import type { Db } from "@/db/postgres";
import { type InstanceRow, listInstances as listInstanceRows } from "@/db/queries/instances";
import { readPolicyVersions } from "@/db/queries/policy";
import {
  INSTANCE_STATES,
  type InstanceAnswer,
  type InstanceListAnswer,
  type InstancesQuery,
} from "@/lib/instances/instance-schemas";
import { COUNTED_FOR_MS, LOST_AFTER_MS } from "@/lib/instances/sum-obedience";
import type { ProjectAccess } from "@/lib/projects/resolve-projects";

/** Agents that were seen in the reader's projects in the last ten minutes, and which policy each obeys. */
export async function listInstances(
  { db, projects }: { db: Db; projects: readonly Pick<ProjectAccess, "id" | "slug">[] },
  { agent, limit }: InstancesQuery,
  nowMs = Date.now(),
): Promise<InstanceListAnswer> {
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug]));
  const since = new Date(nowMs - COUNTED_FOR_MS);
  const rows = await listInstanceRows(db, { projectIds: [...slugs.keys()], since, agent, limit });
  const { toldVersion } = await readPolicyVersions(db);
  return {
    policy_version: toldVersion,
    instances: rows.map((row) => toAnswer(row, slugs.get(row.projectId) ?? "", nowMs)),
  };
}

function toAnswer(row: InstanceRow, project: string, nowMs: number): InstanceAnswer {
  const state = INSTANCE_STATES.find((known) => known === row.state);
  if (!state) throw new RangeError(`no state of an instance: ${row.state}`);
  return {
    project,
    instance_id: row.instanceId,
    agent: row.agent || null,
    policy_version: row.policyVersion,
    state,
    seen_at: row.seenAt.toISOString(),
    is_lost: nowMs - row.seenAt.getTime() >= LOST_AFTER_MS,
    state_since: row.stateSince.toISOString(),
    obeys_since: row.obeysSince.toISOString(),
  };
}
