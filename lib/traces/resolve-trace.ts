import type { SpanFacts, SpanTags } from "@/lib/traces/span-facts";
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
export declare function resolveTrace(
  spans: readonly SpanFacts[],
): ReadonlyMap<SpanFacts, SpanResolution>;
