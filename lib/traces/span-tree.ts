import type { SpanFacts } from "@/lib/traces/span-facts";

/** A span in its place. */
export interface TreeSpan {
  facts: SpanFacts;
  parent: TreeSpan | null;
  /** Its place in `SpanTree.ordered`. */
  index: number;
}

/** Spans with their parents found; an order that does not depend on how they came. */
export interface SpanTree {
  /** By start, trace and id. */
  ordered: readonly TreeSpan[];
  /** Parents before their children. */
  topDown: readonly TreeSpan[];
}

/**
 * Finds each span's parent within its trace. An event and a span of one place are two: children hang under the span.
 * A parent that was not sent is none; of spans that are each other's ancestors the first by order loses its parent.
 */
export function indexSpans(spans: readonly SpanFacts[]): SpanTree {
  const sorted = [...spans].sort(compareSpans);
  const ordered = sorted.map((facts, index): TreeSpan => ({ facts, parent: null, index }));
  const byPlace = new Map<string, TreeSpan>();
  for (const span of ordered) {
    const { traceId, spanId, signal } = span.facts;
    if (traceId === "" || spanId === "") continue;
    const place = `${traceId}:${spanId}`;
    if (signal === "span" || !byPlace.has(place)) byPlace.set(place, span);
  }
  for (const span of ordered) {
    const { traceId, parentSpanId } = span.facts;
    const parent = parentSpanId === "" ? undefined : byPlace.get(`${traceId}:${parentSpanId}`);
    if (parent && parent !== span) span.parent = parent;
  }
  return { ordered, topDown: orderTopDown(ordered) };
}

function orderTopDown(ordered: readonly TreeSpan[]): TreeSpan[] {
  const topDown: TreeSpan[] = [];
  /** 1: on the way up that is being walked; 2: listed. */
  const state = new Uint8Array(ordered.length);
  for (const start of ordered) {
    const way: TreeSpan[] = [];
    let at: TreeSpan | null = start;
    while (at && state[at.index] === 0) {
      state[at.index] = 1;
      way.push(at);
      at = at.parent;
    }
    if (at && state[at.index] === 1) cutRing(at);
    for (const span of way.reverse()) {
      state[span.index] = 2;
      topDown.push(span);
    }
  }
  return topDown.sort((a, b) => depthOf(a) - depthOf(b) || a.index - b.index);
}

/** Hostile ids may make a ring of parents: whichever way it was entered, it is cut above the same span. */
function cutRing(entry: TreeSpan): void {
  let first = entry;
  for (let at = entry.parent; at && at !== entry; at = at.parent) {
    if (at.index < first.index) first = at;
  }
  first.parent = null;
}

const depths = new WeakMap<TreeSpan, number>();

/** How many are above it. Counted once: a walk up for each span would be quadratic in a deep chain. */
export function depthOf(span: TreeSpan): number {
  const way: TreeSpan[] = [];
  let at: TreeSpan | null = span;
  while (at && !depths.has(at)) {
    way.push(at);
    at = at.parent;
  }
  let depth = at ? (depths.get(at) ?? 0) + 1 : 0;
  for (const each of way.reverse()) depths.set(each, depth++);
  return depths.get(span) ?? 0;
}

/** An order of spans by what they say alone. */
export function compareSpans(a: SpanFacts, b: SpanFacts): number {
  return (
    a.startUs - b.startUs ||
    compareText(a.traceId, b.traceId) ||
    compareText(a.spanId, b.spanId) ||
    compareText(a.signal, b.signal) ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
