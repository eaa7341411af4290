import { addTotals, noTotals, type Step, type StepTotals } from "@/lib/traces/tree-step";

/** Which steps an answer names one by one, and the sums of the others by what they hang under. */
export interface NamedSteps {
  /** In the order of the tree. */
  named: Step[];
  /** What is below a step and not named; of roots under null. */
  more: Map<Step | null, StepTotals>;
}

/**
 * The dearest branches of a tree: of all steps those with the greatest totals, of equal ones the first in the tree. A
 * step's total holds those below it and it stands before them, so whatever is named has what is above it named too.
 * @param steps in the order of the tree, with their totals
 */
export function nameDearest(steps: readonly Step[], limit: number): NamedSteps {
  const more = new Map<Step | null, StepTotals>();
  if (steps.length <= limit) return { named: [...steps], more };
  const ranked = steps.map((step, at) => ({ step, at }));
  ranked.sort((one, two) => {
    const [a, b] = [one.step.totals.costFemto, two.step.totals.costFemto];
    return a === b ? one.at - two.at : a > b ? -1 : 1;
  });
  const chosen = new Set(ranked.slice(0, limit).map(({ step }) => step));
  for (const step of steps) {
    // Its total holds all below it, so only the topmost one is added.
    if (chosen.has(step) || (step.parent && !chosen.has(step.parent))) continue;
    const sums = more.get(step.parent) ?? noTotals();
    addTotals(sums, step.totals);
    more.set(step.parent, sums);
  }
  return { named: steps.filter((step) => chosen.has(step)), more };
}
