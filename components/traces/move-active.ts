import type { TreeRow } from "@/components/traces/flatten-tree";

/** What a key does in a tree: goes to a row, opens or closes the one it stands on, or shows it beside the tree. */
export type TreeMove =
  | { kind: "go"; index: number }
  | { kind: "expand"; index: number; isExpanded: boolean }
  | { kind: "open"; index: number };

/** Rows that PageUp and PageDown pass. */
const PAGE = 10;

/**
 * The keys of a tree grid as WAI-ARIA's practices have them: arrows, Home and End, Page keys, Enter and Space.
 * @param active the step that the keyboard stands on; null: none yet
 * @returns null for a key that is not the tree's, and where there is nowhere to go
 */
export function moveActive(
  rows: readonly TreeRow[],
  active: number | null,
  key: string,
): TreeMove | null {
  const at = rows.findIndex(({ index }) => index === active);
  const row = rows[at];
  const [first] = rows;
  if (!row) return first && isTreeKey(key) ? { kind: "go", index: first.index } : null;
  if (key === "Enter" || key === " ") return { kind: "open", index: row.index };
  if (key === "ArrowRight") return goIn(rows, at, row);
  if (key === "ArrowLeft") return goOut(rows, at, row);
  const target = rows[targetOf(key, at, rows.length)];
  return target && target !== row ? { kind: "go", index: target.index } : null;
}

const TREE_KEYS: readonly string[] = [
  "ArrowDown",
  "ArrowUp",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
  "PageDown",
  "PageUp",
];

/** Whether the page must not scroll by this key: it moves within the tree. */
export function isTreeKey(key: string): boolean {
  return TREE_KEYS.includes(key);
}

function targetOf(key: string, at: number, count: number): number {
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at - 1;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "PageDown":
      return Math.min(at + PAGE, count - 1);
    case "PageUp":
      return Math.max(at - PAGE, 0);
    default:
      return at;
  }
}

function goIn(rows: readonly TreeRow[], at: number, row: TreeRow): TreeMove | null {
  if (row.isExpanded === null) return null;
  if (!row.isExpanded) return { kind: "expand", index: row.index, isExpanded: true };
  const child = rows[at + 1];
  return child && child.level > row.level ? { kind: "go", index: child.index } : null;
}

function goOut(rows: readonly TreeRow[], at: number, row: TreeRow): TreeMove | null {
  if (row.isExpanded) return { kind: "expand", index: row.index, isExpanded: false };
  for (let above = at - 1; above >= 0; above -= 1) {
    const candidate = rows[above];
    if (candidate && candidate.level < row.level) return { kind: "go", index: candidate.index };
  }
  return null;
}
