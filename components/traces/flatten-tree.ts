/** How a step stands in its tree: by the places of the steps around it. */
export interface TreePlace {
  parent: number | null;
  /** In the order they are shown in. */
  children: readonly number[];
}

/** One row of a drawn tree. Level and position begin at 1, as `aria-level` and `aria-posinset` do. */
export interface TreeRow {
  /** The step's place. */
  index: number;
  level: number;
  position: number;
  /** How many rows its parent has; of a root, how many roots are shown. */
  setSize: number;
  /** null: nothing of it can be shown below it. */
  isExpanded: boolean | null;
}

interface FlattenOptions {
  isExpanded: (index: number) => boolean;
  /** The steps to keep; a kept step's ancestors are kept too. null: all of them. */
  kept: ReadonlySet<number> | null;
}

/**
 * The rows of a tree from top to bottom: of what is collapsed nothing below it. Without recursion: a loop of agents that
 * call each other is thousands of levels deep.
 */
export function flattenTree(
  nodes: readonly TreePlace[],
  roots: readonly number[],
  { isExpanded, kept }: FlattenOptions,
): TreeRow[] {
  const shownOf = (indexes: readonly number[]) =>
    kept === null ? indexes : indexes.filter((index) => kept.has(index));
  const rows: TreeRow[] = [];
  const waiting: TreeRow[] = [];
  const push = (indexes: readonly number[], level: number) => {
    // Backwards: the last one pushed is the first one taken.
    for (let at = indexes.length - 1; at >= 0; at -= 1) {
      const index = indexes[at];
      if (index === undefined) continue;
      const hasRows = shownOf(nodes[index]?.children ?? []).length > 0;
      const expanded = hasRows ? isExpanded(index) : null;
      waiting.push({
        index,
        level,
        position: at + 1,
        setSize: indexes.length,
        isExpanded: expanded,
      });
    }
  };
  push(shownOf(roots), 1);
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    rows.push(row);
    if (row.isExpanded) push(shownOf(nodes[row.index]?.children ?? []), row.level + 1);
  }
  return rows;
}

/** A step's ancestors, nearest first. */
export function listAncestors(nodes: readonly TreePlace[], index: number): number[] {
  const ancestors: number[] = [];
  let above = nodes[index]?.parent ?? null;
  while (above !== null && ancestors.length < nodes.length) {
    ancestors.push(above);
    above = nodes[above]?.parent ?? null;
  }
  return ancestors;
}
