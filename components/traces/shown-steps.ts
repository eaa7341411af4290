import type { CostStep, CostTree } from "@/components/traces/cost-tree";
import { listAncestors } from "@/components/traces/flatten-tree";

/** What is left of a tree; every part of it stands in the address. */
export interface TreeFilter {
  /** Part of a name, an agent or a model, in any case; "": all. */
  find: string;
  /** Only what cost at least a hundredth of it all, with what is below it. */
  isDearOnly: boolean;
  isFailedOnly: boolean;
}

export interface ShownSteps {
  /** Steps that match. */
  matches: ReadonlySet<number>;
  /** The same with everything above them, so that each is seen where it stands. */
  kept: ReadonlySet<number>;
}

/** Share of the whole below which a step is not dear. */
const DEAR_DIVISOR = 100n;

/** @returns null where nothing is filtered. */
export function findShown(tree: CostTree, filter: TreeFilter): ShownSteps | null {
  const find = filter.find.trim().toLowerCase();
  if (find === "" && !filter.isDearOnly && !filter.isFailedOnly) return null;
  const matches = new Set<number>();
  tree.steps.forEach((step, index) => {
    if (find !== "" && !isNamed(step, find)) return;
    if (filter.isFailedOnly && !step.isFailed) return;
    if (filter.isDearOnly && !isDear(step, tree)) return;
    matches.add(index);
  });
  const kept = new Set(matches);
  for (const index of matches) {
    for (const above of listAncestors(tree.steps, index)) {
      // Whoever is kept already keeps all above.
      if (kept.has(above) && !matches.has(above)) break;
      kept.add(above);
    }
  }
  return { matches, kept };
}

function isNamed(step: CostStep, find: string): boolean {
  return [step.name, step.agent, step.model].some((text) => text?.toLowerCase().includes(find));
}

/** At least one in a hundred of what it all cost. What has no price may be dear: it stays. */
export function isDear({ totalUsd, isAtLeast }: CostStep, tree: CostTree): boolean {
  if (totalUsd === null) return isAtLeast;
  if (tree.totalUsd === null || tree.totalUsd <= 0n) return false;
  return totalUsd * DEAR_DIVISOR >= tree.totalUsd;
}
