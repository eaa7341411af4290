import type { SpanFacts, SpanTags } from "@/lib/traces/span-facts";
import type { Usage } from "@/lib/usage/usage";

/** What becomes of one span among all that is known of its trace and its twins. */
export interface SpanResolution {
  /** Its own usage counts. Of a call without usage: it is a call. False for what is no call at all. */
  isCounted: boolean;
  /** `spanKey` of what counts instead: its twin, the last attempt of the same call, or the first step below it. "" : none. */
  linkedTo: string;
  /** What of an outer span's usage nothing below it accounts for: counted as a call of its own. null: none. */
  rest: Usage | null;
  /** Its own tags, then those of its ancestors, nearest first, then those of its twins. */
  tags: SpanTags;
  metadata: Record<string, string>;
  /** From 1; with the failed attempts that were folded into it. null: not known. */
  attempt: number | null;
}

/** A span's name among all of its project: `<trace id>:<span id>`. */
export function spanKey({ traceId, spanId }: Pick<SpanFacts, "traceId" | "spanId">): string {
  return `${traceId}:${spanId}`;
}

/**
 * Decides of each span whether its usage counts, so that a call is counted once whatever told of it: see docs/traces.md.
 * The answer depends on the set alone, never on its order.
 * @param spans everything known of some whole traces, and of the traces their twins stand in; one project's
 */
export declare function resolveTrace(spans: readonly SpanFacts[]): Map<string, SpanResolution>;
