import type { CostTree } from "@/components/traces/cost-tree";

/** So many steps are shown whole: nobody has to open anything. */
export const SMALL_TREE = 40;

/** The dearest of some steps; null where none of them cost anything. The first one of equals. */
export function dearestOf(tree: CostTree, indexes: readonly number[]): number | null {
  let dearest: number | null = null;
  let most = 0n;
  for (const index of indexes) {
    const total = tree.steps[index]?.totalUsd ?? 0n;
    if (total > most) {
      most = total;
      dearest = index;
    }
  }
  return dearest;
}

/** From a root down: in each step the dearest one below it, until what is left costs nothing. */
export function dearestPath(tree: CostTree): number[] {
  const path: number[] = [];
  let next = dearestOf(tree, tree.roots);
  while (next !== null) {
    path.push(next);
    next = dearestOf(tree, tree.steps[next]?.children ?? []);
  }
  return path;
}

/** What is open before anybody opened anything: all of a small tree, of a large one the way to what cost most. */
export function openAtFirst(tree: CostTree): Set<number> {
  if (tree.steps.length <= SMALL_TREE) return new Set(tree.steps.keys());
  return new Set([...tree.roots.slice(0, 1), ...dearestPath(tree)]);
}
