import { SERIES_SLOTS } from "@/components/charts/palette";
import type { CostTree } from "@/components/traces/cost-tree";

/** The agents of most steps, as many as there are colours, by steps. Steps without an agent are of none. */
export function rankAgents(tree: CostTree): string[] {
  const counts = new Map<string, number>();
  for (const { agent } of tree.steps) {
    if (agent !== null) counts.set(agent, (counts.get(agent) ?? 0) + 1);
  }
  return [...counts]
    .sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1))
    .slice(0, SERIES_SLOTS)
    .map(([agent]) => agent);
}
