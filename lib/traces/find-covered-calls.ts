import type { Accounted } from "@/lib/traces/account-usage";
import { isAbove, isAtOnce, isMeanwhile, type TwinGroup } from "@/lib/traces/match-twins";
import { isSameModel } from "@/lib/traces/model-family";
import type { SpanTree, TreeSpan } from "@/lib/traces/span-tree";

/** The begin and end of a call and of the request below it are so far apart at the most. */
const SLACK_US = 50_000;

/**
 * Model calls that report no usage and are no calls of their own: a wrapper of a call, what lies below one that reports
 * usage for it, or a second report of one beside it.
 * @returns what tells of the call instead
 */
export function findCoveredCalls(
  { ordered, topDown }: SpanTree,
  accounted: ReadonlyMap<TreeSpan, Accounted>,
  twins: ReadonlyMap<TreeSpan, TwinGroup>,
): Map<TreeSpan, TreeSpan> {
  const covered = new Map<TreeSpan, TreeSpan>();
  const bare = topDown.filter(({ facts: { kind, usage } }) => kind === "llm" && usage === null);
  if (bare.length === 0) return covered;
  const below = findCallsBelow(topDown);
  for (const span of bare) {
    const by = below.get(span) ?? findAbove(span, accounted);
    if (by) covered.set(span, by);
  }
  coverBeside(ordered, bare, covered, twins);
  return covered;
}

/** The first model call or span with usage below each, but not behind a tool or an agent: those are another's work. */
function findCallsBelow(topDown: readonly TreeSpan[]): Map<TreeSpan, TreeSpan> {
  const below = new Map<TreeSpan, TreeSpan>();
  for (const span of [...topDown].reverse()) {
    const { kind, usage } = span.facts;
    const call = kind === "llm" || usage !== null ? span : below.get(span);
    if (!call || !span.parent || kind === "tool" || kind === "agent") continue;
    const known = below.get(span.parent);
    if (!known || call.index < known.index) below.set(span.parent, call);
  }
  return below;
}

/** The nearest span above that counts for calls of this model. */
function findAbove(
  span: TreeSpan,
  accounted: ReadonlyMap<TreeSpan, Accounted>,
): TreeSpan | undefined {
  for (let at = span.parent; at; at = at.parent) {
    const { kind, usage } = at.facts;
    if (usage !== null && isSameModel(at.facts, span.facts)) {
      return accounted.get(at)?.repeats === null ? at : undefined;
    }
    if (kind === "tool") return undefined;
  }
  return undefined;
}

/**
 * Reports of other sources at the same time and of the same model, one to one; but not of a call that the span's own source
 * tells too: one source never tells a call twice.
 */
function coverBeside(
  ordered: readonly TreeSpan[],
  bare: readonly TreeSpan[],
  covered: Map<TreeSpan, TreeSpan>,
  twins: ReadonlyMap<TreeSpan, TwinGroup>,
): void {
  const byService = groupByService(ordered);
  const taken = new Set<string>();
  const open = bare.filter((span) => !covered.has(span)).sort((a, b) => a.index - b.index);
  for (const span of open) {
    const { service, source } = span.facts;
    const other = neighboursOf(span, byService.get(service) ?? []).find(
      (call) =>
        call !== span &&
        !covered.has(call) &&
        call.facts.source !== source &&
        (call.facts.usage !== null || call.index < span.index) &&
        isSameModel(call.facts, span.facts) &&
        isAtOnce(call.facts, span.facts, SLACK_US) &&
        isMeanwhile(call.facts, span.facts) &&
        !isAbove(call, span) &&
        !isAbove(span, call) &&
        !taken.has(`${call.index} ${source}`) &&
        !twins.get(call)?.some((twin) => twin.facts.source === source),
    );
    if (!other) continue;
    taken.add(`${other.index} ${source}`);
    covered.set(span, other);
  }
}

function groupByService(ordered: readonly TreeSpan[]): Map<string, TreeSpan[]> {
  const groups = new Map<string, TreeSpan[]>();
  for (const span of ordered) {
    if (span.facts.kind !== "llm" && span.facts.usage === null) continue;
    const group = groups.get(span.facts.service);
    if (group) group.push(span);
    else groups.set(span.facts.service, [span]);
  }
  return groups;
}

/** So many calls before and after are looked at: more do not run at once, and a hostile trace must stay linear. */
const NEIGHBOURS = 128;

/** Calls that began about when a span did, by order. */
function neighboursOf(span: TreeSpan, calls: readonly TreeSpan[]): readonly TreeSpan[] {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calls[middle]?.index ?? 0) < span.index) low = middle + 1;
    else high = middle;
  }
  return calls.slice(Math.max(0, low - NEIGHBOURS), low + NEIGHBOURS);
}
