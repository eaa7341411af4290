import { and, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { instances } from "@/db/schema/instances";

export type InstanceRow = typeof instances.$inferSelect;

/** What one agent of one process says of itself. */
export interface Beat {
  projectId: string;
  instanceId: string;
  /** Empty: without the tag. */
  agent: string;
  policyVersion: number;
  state: "running" | "halted";
  seenAt: Date;
}

/** Notes beats, at most one of each (project, instance, agent). One that was overtaken changes nothing. */
export async function saveBeats(db: Db, beats: readonly Beat[]): Promise<void> {
  if (beats.length === 0) return;
  const said = (name: "state" | "policy_version" | "seen_at") => sql.raw(`excluded.${name}`);
  const seenAt = said("seen_at");
  // In one order, so that two processes never wait for each other.
  const rows = [...beats].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await db
    .insert(instances)
    .values(
      rows.map((beat) => ({
        ...beat,
        firstSeenAt: beat.seenAt,
        stateSince: beat.seenAt,
        obeysSince: beat.seenAt,
      })),
    )
    .onConflictDoUpdate({
      target: [instances.projectId, instances.instanceId, instances.agent],
      set: {
        policyVersion: said("policy_version"),
        state: said("state"),
        seenAt,
        stateSince: sql`case when ${instances.state} = ${said("state")} then ${instances.stateSince} else ${seenAt} end`,
        obeysSince: sql`case when ${instances.policyVersion} = ${said("policy_version")} then ${instances.obeysSince} else ${seenAt} end`,
      },
      // Beats overtake each other on their way: one of an older policy counts only when nothing newer came for a while.
      setWhere: sql`${instances.seenAt} <= ${seenAt} and (${instances.policyVersion} <= ${said("policy_version")}
        or ${instances.seenAt} < ${seenAt} - interval '10 seconds')`,
    });
}

function keyOf({ projectId, instanceId, agent }: Beat): string {
  return JSON.stringify([projectId, instanceId, agent]);
}

/** Takes one away that said that it ends. */
export async function deleteInstance(
  db: Db,
  { projectId, instanceId, agent }: Pick<Beat, "projectId" | "instanceId" | "agent">,
): Promise<void> {
  await db
    .delete(instances)
    .where(
      and(
        eq(instances.projectId, projectId),
        eq(instances.instanceId, instanceId),
        eq(instances.agent, agent),
      ),
    );
}

/** Forgets those that were not seen since. */
export async function deleteSilentInstances(db: Db, before: Date): Promise<void> {
  await db.delete(instances).where(lt(instances.seenAt, before));
}

/** Instances of these projects that were seen since, last seen first. @param agent only of this one; empty: untagged */
export function listInstances(
  db: Db,
  asked: { projectIds: readonly string[]; since: Date; agent?: string | undefined; limit: number },
): Promise<InstanceRow[]> {
  const isOfAgent = asked.agent === undefined ? undefined : eq(instances.agent, asked.agent);
  return db
    .select()
    .from(instances)
    .where(
      and(
        inArray(instances.projectId, [...asked.projectIds]),
        gt(instances.seenAt, asked.since),
        isOfAgent,
      ),
    )
    .orderBy(desc(instances.seenAt), instances.projectId, instances.instanceId, instances.agent)
    .limit(asked.limit);
}
