import { endOf } from "@/lib/traces/match-twins";
import { familiesOf } from "@/lib/traces/model-family";
import type { SpanFacts } from "@/lib/traces/span-facts";
import type { TreeSpan } from "@/lib/traces/span-tree";

/** Failures that clients try again by themselves: what a request is refused for stays refused. */
const RETRIED = new Set(["rate_limit", "timeout", "unknown"]);
/** The next attempt begins so long after the failed one ended at the most; longer waits are an agent's own. */
const MAX_WAIT_US = 120_000_000;
const CLOCK_SLACK_US = 5_000;

/**
 * Failed attempts without usage that another attempt of the same call followed.
 * @param calls model calls that are calls of their own, by order
 * @returns the last attempt of each
 */
export function foldAttempts(calls: readonly TreeSpan[]): Map<TreeSpan, TreeSpan> {
  const last = new Map<TreeSpan, TreeSpan>();
  const open = new Map<string, TreeSpan>();
  const folded = new Map<TreeSpan, TreeSpan>();
  for (const call of calls) {
    const context = contextOf(call);
    if (context === null) continue;
    const before = open.get(context);
    if (before && isNextAttempt(before.facts, call.facts)) folded.set(before, call);
    open.set(context, call);
  }
  // From the end, so that each is folded into the last one of all.
  for (const call of [...calls].reverse()) {
    const next = folded.get(call);
    if (next) last.set(call, last.get(next) ?? next);
  }
  return last;
}

/** Where attempts of one call stand: below one parent, or in one session for those without. */
function contextOf({ facts }: TreeSpan): string | null {
  const { traceId, parentSpanId, service, source, signal, name, tags } = facts;
  const family = familiesOf(facts)[0] ?? "";
  // The event that tells of a failure has another name than the one that tells of a response.
  const origin = signal === "log" ? source.slice(0, source.lastIndexOf(":")) : `${source}|${name}`;
  if (parentSpanId !== "") return `p|${traceId}|${parentSpanId}|${origin}|${family}`;
  return tags.session === null ? null : `s|${service}|${tags.session}|${origin}|${family}`;
}

function isNextAttempt(failed: SpanFacts, next: SpanFacts): boolean {
  if (failed.usage !== null || failed.status !== "error") return false;
  if (!RETRIED.has(failed.errorType ?? "unknown")) return false;
  const waitUs = next.startUs - endOf(failed);
  if (waitUs < -CLOCK_SLACK_US || waitUs > MAX_WAIT_US) return false;
  return (
    failed.promptHash === null || next.promptHash === null || failed.promptHash === next.promptHash
  );
}
