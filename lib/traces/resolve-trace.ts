import { accountUsage } from "@/lib/traces/account-usage";
import { findCoveredCalls } from "@/lib/traces/find-covered-calls";
import { foldAttempts } from "@/lib/traces/fold-attempts";
import { inheritTags } from "@/lib/traces/inherit-tags";
import { isUnit, matchTwins } from "@/lib/traces/match-twins";
import type { SpanFacts, SpanTags } from "@/lib/traces/span-facts";
import { indexSpans, type TreeSpan } from "@/lib/traces/span-tree";
import type { Usage } from "@/lib/usage/usage";

/** What becomes of one span among all that is known of its trace and its twins. */
export interface SpanResolution {
  /** Its own usage counts; of a call or a tool without usage: it is one. False for what is none. */
  isCounted: boolean;
  /** What counts instead: its twin, the last attempt of the same call, the first call below it. null: none. */
  linkedTo: SpanFacts | null;
  /** What of an outer span's usage nothing below it accounts for: counted as a call of its own. null: none. */
  rest: Usage | null;
  /** Its own tags, then those of its ancestors, nearest first, then those of its twins. */
  tags: SpanTags;
  metadata: Record<string, string>;
  /** From 1; with the failed attempts that were folded into it. null: not known. */
  attempt: number | null;
}

/**
 * Decides of each span whether its usage counts, so that a call is counted once whatever told of it: see docs/traces.md.
 * The answer depends on the set alone, never on its order.
 * @param spans everything known of some whole traces, and of the traces their twins stand in; one project's
 * @returns by the very objects that were given; an event and a span of the same place are two
 */
export function resolveTrace(spans: readonly SpanFacts[]): ReadonlyMap<SpanFacts, SpanResolution> {
  const tree = indexSpans(spans);
  const twins = matchTwins(tree);
  const accounted = accountUsage(tree, twins);
  const links = new Map<TreeSpan, TreeSpan>();
  for (const [span, group] of twins) {
    const [counting] = group;
    if (counting && counting !== span) links.set(span, counting);
  }
  for (const [span, { repeats }] of accounted) {
    if (!repeats) continue;
    links.set(span, repeats);
    // The record of a span that repeats others repeats them too.
    const counting = twins.get(span)?.[0];
    if (counting?.facts.signal === "log") links.set(counting, repeats);
  }
  for (const [span, by] of findCoveredCalls(tree, accounted, twins)) {
    if (!links.has(span)) links.set(span, by);
  }
  cutRings(tree.ordered, links);
  const attempts = linkAttempts(tree.ordered, links);
  cutRings(tree.ordered, links);
  const inherited = inheritTags(tree, twins);
  return new Map(
    tree.ordered.map((span) => {
      const { facts } = span;
      const rest = links.has(span) ? null : (accounted.get(span)?.rest ?? null);
      const known = inherited.get(span) ?? facts;
      return [
        facts,
        {
          isCounted: isUnit(facts) && !links.has(span) && rest === null,
          linkedTo: follow(span, links)?.facts ?? null,
          rest,
          tags: known.tags,
          metadata: known.metadata,
          attempt: Math.max(facts.attempt ?? 0, attempts.get(span) ?? 0) || null,
        },
      ];
    }),
  );
}

/**
 * Links failed attempts to the last one. A source tells of all attempts of its call, so they are found source by source;
 * what is linked is what stands for each of them.
 * @returns how many attempts each last one took
 */
function linkAttempts(
  ordered: readonly TreeSpan[],
  links: Map<TreeSpan, TreeSpan>,
): Map<TreeSpan, number> {
  const attempts = new Map<TreeSpan, number>();
  const folded = foldAttempts(ordered.filter(({ facts }) => facts.kind === "llm"));
  for (const [failed, last] of folded) {
    const from = follow(failed, links) ?? failed;
    const to = follow(last, links) ?? last;
    // What stands for it may have usage: then it was no failure, whatever its wrapper says.
    if (from === to || from.facts.usage !== null) continue;
    links.set(from, to);
    attempts.set(to, (attempts.get(to) ?? 1) + 1);
  }
  return attempts;
}

/**
 * Where links lead in a ring, as they may where spans name each other as parents, nothing would count: then the one with
 * usage does, or the first of them.
 */
function cutRings(ordered: readonly TreeSpan[], links: Map<TreeSpan, TreeSpan>): void {
  const done = new Set<TreeSpan>();
  for (const span of ordered) {
    const path: TreeSpan[] = [];
    let at: TreeSpan | undefined = span;
    while (at && !done.has(at)) {
      done.add(at);
      path.push(at);
      at = links.get(at);
    }
    const start = at ? path.indexOf(at) : -1;
    if (start < 0) continue;
    const [counting] = path.slice(start).sort(byUsage);
    if (counting) links.delete(counting);
  }
}

function byUsage(one: TreeSpan, other: TreeSpan): number {
  return (
    Number(one.facts.usage === null) - Number(other.facts.usage === null) || one.index - other.index
  );
}

/** What counts in the end: a link may lead to a span that itself is linked. */
function follow(span: TreeSpan, links: ReadonlyMap<TreeSpan, TreeSpan>): TreeSpan | null {
  const seen = new Set([span]);
  let at = links.get(span);
  while (at) {
    const next = links.get(at);
    if (!next || seen.has(at)) return at;
    seen.add(at);
    at = next;
  }
  return null;
}
