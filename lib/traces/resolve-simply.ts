import type { SpanResolution } from "@/lib/traces/resolve-trace";
import type { SpanFacts, SpanTags } from "@/lib/traces/span-facts";
import type { Usage } from "@/lib/usage/usage";

/** Stands in for `resolveTrace` until it is there: response ids, places, ancestors of the same model. */
export function resolveTrace(spans: readonly SpanFacts[]): ReadonlyMap<SpanFacts, SpanResolution> {
  const sorted = [...spans].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const byPlace = new Map(sorted.map((one) => [`${one.traceId} ${one.spanId}`, one]));
  const parentOf = (one: SpanFacts) => byPlace.get(`${one.traceId} ${one.parentSpanId}`);
  const linked = new Map<SpanFacts, SpanFacts>();
  for (const one of sorted) {
    const twin = sorted.find(
      (other) => other !== one && rank(other) < rank(one) && isTwin(one, other),
    );
    if (twin) linked.set(one, linked.get(twin) ?? twin);
  }
  const result = new Map<SpanFacts, SpanResolution>();
  for (const one of sorted) {
    const below = sorted.filter((other) => isBelow(other, one, parentOf) && !linked.has(other));
    const rest = one.usage && below.some(({ usage }) => usage) ? subtract(one.usage, below) : null;
    const isOuter = one.usage !== null && below.some(({ usage }) => usage !== null);
    const first = below.find(({ usage }) => usage !== null) ?? null;
    result.set(one, {
      isCounted:
        !linked.has(one) &&
        !isOuter &&
        (one.usage !== null || one.kind === "llm" || one.kind === "tool"),
      linkedTo: linked.get(one) ?? (isOuter ? first : null),
      rest,
      tags: tagsOf(one, parentOf),
      metadata: one.metadata,
      attempt: one.attempt,
    });
  }
  return result;
}

function rank(one: SpanFacts): string {
  return `${one.signal} ${one.source} ${one.traceId} ${one.spanId}`;
}

function isTwin(one: SpanFacts, other: SpanFacts): boolean {
  if (one.signal !== other.signal && one.traceId === other.traceId && one.spanId === other.spanId)
    return true;
  return (
    one.source !== other.source && one.responseId !== null && one.responseId === other.responseId
  );
}

function isBelow(
  one: SpanFacts,
  top: SpanFacts,
  parentOf: (one: SpanFacts) => SpanFacts | undefined,
): boolean {
  const seen = new Set<SpanFacts>();
  for (let at = parentOf(one); at && !seen.has(at); at = parentOf(at)) {
    if (at === top) return true;
    seen.add(at);
  }
  return false;
}

function subtract(usage: Usage, below: readonly SpanFacts[]): Usage | null {
  const rest = {
    input_tokens:
      (usage.input_tokens ?? 0) -
      below.reduce((sum, one) => sum + (one.usage?.input_tokens ?? 0), 0),
    output_tokens:
      (usage.output_tokens ?? 0) -
      below.reduce((sum, one) => sum + (one.usage?.output_tokens ?? 0), 0),
  };
  return rest.input_tokens > 0 || rest.output_tokens > 0 ? rest : null;
}

function tagsOf(one: SpanFacts, parentOf: (one: SpanFacts) => SpanFacts | undefined): SpanTags {
  const tags = { ...one.tags };
  const seen = new Set<SpanFacts>();
  for (let at = parentOf(one); at && !seen.has(at); at = parentOf(at)) {
    seen.add(at);
    for (const name of Object.keys(tags) as (keyof SpanTags)[]) tags[name] ??= at.tags[name];
  }
  return tags;
}

/** Stands in for `twinKeys`. */
export function twinKeys(facts: SpanFacts): { own: string[]; sought: string[] } {
  const keys = facts.responseId === null ? [] : [`r:${facts.responseId}`];
  return { own: keys, sought: keys };
}
