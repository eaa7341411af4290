import type { MadeSteps } from "@/lib/traces/make-steps";
import { byText, byTime, type Step } from "@/lib/traces/tree-step";

/**
 * Hangs each step under the nearest one above it: what is no step is passed, and lends its children to what is above it.
 * A step whose place above never came hangs at the root, marked; so does the earliest of steps that name each other in
 * a circle. Time and room are linear in steps and places, whatever ids were sent.
 * @returns all steps in the order of the tree: each before those below it, siblings by time, roots by trace and time
 */
export function placeSteps({ placed, byPlace, passed }: MadeSteps): Step[] {
  const findAbove = nearestShown(byPlace, passed);
  for (const { step, above } of placed) {
    const found = findAbove(above);
    step.parent = found === step ? null : (found ?? null);
    step.isOrphan = found === undefined || found === step;
  }
  const steps = placed.map(({ step }) => step).sort(byTime);
  cutCircles(steps);
  return order(steps);
}

/** Answers null for a root, undefined for a place that never came or leads nowhere. */
function nearestShown(
  byPlace: ReadonlyMap<string, Step>,
  passed: ReadonlyMap<string, string>,
): (place: string) => Step | null | undefined {
  const known = new Map<string, Step | null | undefined>();
  return (from) => {
    const walked: string[] = [];
    let found: Step | null | undefined;
    let place: string | undefined = from;
    // What is walked is noted at once, as leading nowhere: a circle ends where it began.
    while (place !== undefined) {
      found = place === "" ? null : byPlace.get(place);
      if (found !== undefined) break;
      if (known.has(place)) {
        found = known.get(place);
        break;
      }
      known.set(place, undefined);
      walked.push(place);
      place = passed.get(place);
    }
    for (const one of walked) known.set(one, found);
    return found;
  };
}

/** @param steps by time, so that a circle is cut above its earliest step */
function cutCircles(steps: readonly Step[]): void {
  const walkOf = new Map<Step, number>();
  steps.forEach((first, walk) => {
    let step: Step | null = first;
    while (step && !walkOf.has(step)) {
      walkOf.set(step, walk);
      step = step.parent;
    }
    if (!step || walkOf.get(step) !== walk) return;
    // `step` is in the circle that this walk ran into.
    let earliest = step;
    for (let one = step.parent; one && one !== step; one = one.parent) {
      if (byTime(one, earliest) < 0) earliest = one;
    }
    earliest.parent = null;
    earliest.isOrphan = true;
  });
}

/** @param steps by time, so that children and roots are pushed in their order */
function order(steps: readonly Step[]): Step[] {
  const roots: Step[] = [];
  const traceStart = new Map<string, number>();
  for (const step of steps) {
    (step.parent?.children ?? roots).push(step);
    if (!traceStart.has(step.traceId)) traceStart.set(step.traceId, step.startUs);
  }
  // Without a trace each stands by itself.
  const startOf = ({ traceId, startUs }: Step) =>
    traceId === "" ? startUs : (traceStart.get(traceId) ?? startUs);
  roots.sort(
    (one, two) =>
      startOf(one) - startOf(two) || byText(one.traceId, two.traceId) || byTime(one, two),
  );
  return listInOrder(roots);
}

/** All steps under these, each before those below it; notes depths, and the agent of those that name none. */
export function listInOrder(roots: readonly Step[]): Step[] {
  const ordered: Step[] = [];
  const waiting = [...roots].reverse();
  for (let step = waiting.pop(); step; step = waiting.pop()) {
    step.depth = step.parent ? step.parent.depth + 1 : 0;
    step.agent ||= step.parent?.agent ?? "";
    ordered.push(step);
    for (let at = step.children.length - 1; at >= 0; at--) {
      const child = step.children[at];
      if (child) waiting.push(child);
    }
  }
  return ordered;
}
