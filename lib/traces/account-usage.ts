import type { TwinGroup } from "@/lib/traces/match-twins";
import { familiesOf } from "@/lib/traces/model-family";
import type { SpanTree, TreeSpan } from "@/lib/traces/span-tree";
import {
  addUsage,
  compareDetail,
  isOfUnits,
  isSameButCache,
  isSameSize,
  takeUsage,
  type UsageVector,
} from "@/lib/traces/usage-vector";
import type { Usage } from "@/lib/usage/usage";

/** What accounting found of a span with usage. */
export interface Accounted {
  /** What counts instead of it; null: it counts itself, or its rest does. */
  repeats: TreeSpan | null;
  rest: Usage | null;
}

/** What the counted calls below a span report, by family of model. */
type Below = Map<string, { sum: UsageVector; first: TreeSpan; units: number }>;

/** A model that is not named has this family. */
const UNNAMED = "";

/**
 * Decides of each span with usage what of it the calls below do not account for (docs/traces.md). Twins claim their usage
 * once in a trace: the one that counts, or, where that stands in another trace, the first of them.
 */
export function accountUsage(
  { topDown }: SpanTree,
  twins: ReadonlyMap<TreeSpan, TwinGroup>,
): Map<TreeSpan, Accounted> {
  const accounted = new Map<TreeSpan, Accounted>();
  /** All below a span, and what of it is not behind a tool or an agent: that is another's work. */
  const all = new Map<TreeSpan, Below>();
  const near = new Map<TreeSpan, Below>();
  for (const span of [...topDown].reverse()) {
    const below = all.get(span) ?? new Map();
    const beside = near.get(span) ?? new Map();
    const { usage, kind } = span.facts;
    if (usage !== null && claims(span, twins)) {
      // One that names no model is known by its usage alone: it may be a run as well.
      const isCall = kind === "llm" && familiesOf(span.facts).length > 0;
      const isSum = isSumOf(usage, below);
      const known = isCall && !isSum ? beside : below;
      const found = judge(span, usage, known);
      accounted.set(span, found);
      if (found.repeats === null) {
        claim(below, span, found.rest ?? usage);
        claim(beside, span, found.rest ?? usage);
      }
      preferDetail(span, known, accounted);
    }
    all.delete(span);
    near.delete(span);
    if (!span.parent) continue;
    mergeInto(all, span.parent, below);
    if (kind !== "tool" && kind !== "agent") mergeInto(near, span.parent, beside);
  }
  return accounted;
}

/** Whether a span stands for its twins in its trace: for a log record a span does, that knows what it stands below. */
function claims(span: TreeSpan, twins: ReadonlyMap<TreeSpan, TwinGroup>): boolean {
  const here = twins.get(span)?.filter((twin) => twin.facts.traceId === span.facts.traceId);
  const placed =
    here?.[0]?.facts.signal === "log" ? here.find(({ facts }) => facts.signal === "span") : null;
  return !here || (placed ?? here[0]) === span;
}

function judge(span: TreeSpan, usage: Usage, below: Below): Accounted {
  const own = { repeats: null, rest: null };
  if (below.size === 0) return own;
  const families = familiesOf(span.facts);
  const total = sumOf([...below.values()]);
  const alike = [...below].flatMap(([family, cell]) => {
    return families.length === 0 || family === UNNAMED || families.includes(family) ? [cell] : [];
  });
  const first = firstOf(alike.length > 0 ? alike : [...below.values()]);
  // The sum of all below it, whatever their models.
  if (isSameSize(usage, total)) return { repeats: first, rest: null };
  if (alike.length === 0) return own;
  // One response told twice: a client may count a token of a stream twice, and then what is left of it is no call.
  if (first && alike.length === 1 && alike[0]?.units === 1 && isOneResponse(span, first)) {
    return { repeats: first, rest: null };
  }
  const sum = sumOf(alike);
  // Images of an outer span are nothing that tokens below it account for.
  if (isOfUnits(usage) && !sum.units) return own;
  if (isSameButCache(usage, sum) || isSameButCache(usage, total)) {
    return { repeats: first, rest: null };
  }
  const rest = takeUsage(usage, sum);
  return rest === null ? { repeats: first, rest: null } : { repeats: null, rest };
}

function isOneResponse({ facts: a }: TreeSpan, { facts: b }: TreeSpan): boolean {
  return (
    a.kind === "llm" && b.kind === "llm" && a.responseId !== null && a.responseId === b.responseId
  );
}

/** Whether it is the sum of several calls below it, whoever made them: no call comes to that by itself. */
function isSumOf(usage: Usage, below: Below): boolean {
  const cells = [...below.values()];
  const units = cells.reduce((sum, cell) => sum + cell.units, 0);
  return units > 1 && isSameSize(usage, sumOf(cells));
}

/**
 * Of one call told by a span and by the only one below it that has usage, the one that tells more counts: where the outer
 * one names a model, or knows what was cached, and the inner one does not.
 */
function preferDetail(span: TreeSpan, below: Below, accounted: Map<TreeSpan, Accounted>): void {
  const found = accounted.get(span);
  const inner = found?.repeats;
  const { usage } = span.facts;
  if (!inner || !usage || !inner.facts.usage) return;
  const cells = [...below.values()];
  if (cells.length !== 1 || cells[0]?.units !== 1 || cells[0].first !== inner) return;
  const isAlike = isSameSize(usage, inner.facts.usage) || isSameButCache(usage, inner.facts.usage);
  if (!isAlike) return;
  // What names no model has no price, whatever else it tells.
  const [isNamed, isInnerNamed] = [span, inner].map(({ facts }) => familiesOf(facts).length > 0);
  const tellsMore = compareDetail(usage, inner.facts.usage) < 0;
  if (isNamed === isInnerNamed ? !tellsMore : !isNamed) return;
  const ofInner = accounted.get(inner);
  if (!ofInner || ofInner.repeats !== null || ofInner.rest !== null) return;
  accounted.set(span, { repeats: null, rest: null });
  accounted.set(inner, { repeats: span, rest: null });
  cells[0].first = span;
}

function sumOf(cells: readonly { sum: UsageVector }[]): UsageVector {
  const total: UsageVector = {};
  for (const { sum } of cells) addUsage(total, sum);
  return total;
}

function firstOf(cells: readonly { first: TreeSpan }[]): TreeSpan | null {
  let first: TreeSpan | null = null;
  for (const cell of cells) if (!first || cell.first.index < first.index) first = cell.first;
  return first;
}

function claim(below: Below, span: TreeSpan, usage: UsageVector): void {
  const family = familiesOf(span.facts)[0] ?? UNNAMED;
  add(below, family, { sum: usage, first: span, units: 1 });
}

type Cell = { sum: UsageVector; first: TreeSpan; units: number };

function add(below: Below, family: string, { sum, first, units }: Cell): void {
  const cell = below.get(family);
  if (!cell) {
    below.set(family, { sum: { ...sum }, first, units });
    return;
  }
  addUsage(cell.sum, sum);
  cell.units += units;
  if (first.index < cell.first.index) cell.first = first;
}

function mergeInto(map: Map<TreeSpan, Below>, parent: TreeSpan, below: Below): void {
  const known = map.get(parent);
  if (!known) {
    // A map of its own: a span's two maps may be merged into different ones.
    map.set(
      parent,
      new Map([...below].map(([family, cell]) => [family, { ...cell, sum: { ...cell.sum } }])),
    );
    return;
  }
  for (const [family, cell] of below) add(known, family, cell);
}
