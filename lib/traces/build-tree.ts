import { makeSteps } from "@/lib/traces/make-steps";
import { listInOrder, placeSteps } from "@/lib/traces/place-steps";
import {
  addTotals,
  type LedgerRow,
  ownTotals,
  type Step,
  type TreeSpan,
} from "@/lib/traces/tree-step";

/**
 * The cost tree of some events and spans. Each event that counts is one step, so each cent is on exactly one; what a step
 * costs with all below it is its own and its children's. The same set gives the same tree in whatever order it is given.
 *
 * A report that only repeats another (`linkedId`) and has nothing below it is folded into the one that counts, where that
 * is in the tree; a failed attempt stays to be seen, as does whatever has steps below it.
 * @param session see `makeSteps`
 * @returns all steps in the order of the tree, with their totals
 */
export function buildTree(
  rows: readonly LedgerRow[],
  spans: readonly TreeSpan[],
  session: string | null,
): Step[] {
  const placed = placeSteps(makeSteps(rows, spans, session));
  const steps = foldRepeats(placed);
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at];
    if (!step) continue;
    // It is around calls and none itself.
    if (step.kind === "llm" && !step.row?.counted && step.children.length > 0) step.kind = "step";
    addTotals(step.totals, ownTotals(step));
    if (step.parent) addTotals(step.parent.totals, step.totals);
  }
  return steps;
}

function foldRepeats(steps: readonly Step[]): Step[] {
  const byRowId = new Map<string, Step>();
  for (const step of steps) {
    if (step.row?.counted && !byRowId.has(step.row.id)) byRowId.set(step.row.id, step);
  }
  const folded = new Set<Step>();
  // From below, so that a wrapper of nothing but repeats is one too.
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at];
    if (!step?.row || step.row.counted || step.status === "error") continue;
    const target = byRowId.get(step.row.linkedId);
    if (!target || !step.children.every((child) => folded.has(child))) continue;
    folded.add(step);
    target.repeatCount += 1 + step.repeatCount;
  }
  if (folded.size === 0) return [...steps];
  const kept = steps.filter((step) => !folded.has(step));
  for (const step of kept) step.children = step.children.filter((child) => !folded.has(child));
  return listInOrder(kept.filter(({ parent }) => parent === null));
}
