import type { InstanceRow } from "@/db/queries/instances";
import type { InstanceCount } from "@/lib/instances/instance-schemas";
import { COUNTED_FOR_MS, LOST_AFTER_MS } from "@/lib/instances/sum-obedience";

/** Agents past it have the fewest instances. */
const MAX_COUNTS = 500;

/** How many instances of each agent tell what they obey, most first. @param slugs of the projects, by id */
export function countInstances(
  rows: readonly Pick<InstanceRow, "projectId" | "agent" | "seenAt">[],
  slugs: ReadonlyMap<string, string>,
  nowMs: number,
): InstanceCount[] {
  const counts = new Map<string, InstanceCount>();
  for (const { projectId, agent, seenAt } of rows) {
    const silentMs = nowMs - seenAt.getTime();
    const project = slugs.get(projectId);
    if (silentMs >= COUNTED_FOR_MS || project === undefined) continue;
    const key = JSON.stringify([project, agent]);
    const count = counts.get(key) ?? { project, agent: agent || null, instances: 0, unseen: 0 };
    count.instances += 1;
    if (silentMs >= LOST_AFTER_MS) count.unseen += 1;
    counts.set(key, count);
  }
  return [...counts.values()]
    .sort((one, two) => two.instances - one.instances)
    .slice(0, MAX_COUNTS);
}
