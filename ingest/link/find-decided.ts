import { listStates, type StoredCall } from "@/db/clickhouse/queries/revise-calls";
import type { SpanResolution } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";
import { isSameSize } from "@/lib/traces/usage-vector";

/** Somebody voided or restored it: that stands. */
export function isDecided(call: StoredCall): boolean {
  // Most calls are never revised, and their states need not be read.
  return (
    call.revision > 0 &&
    listStates(call).some(({ revision_kind: kind }) => kind === "void" || kind === "restore")
  );
}

/**
 * Reports that would count instead of a call of which a person decided: what was voided is not to come back with its next
 * report, nor what was restored to count twice. Only reports of the same call: of an outer span that was voided the calls
 * below it are others.
 * @returns by report, the call that was decided of
 */
export function findDecided(
  known: readonly { call: StoredCall; facts: SpanFacts | null }[],
  resolved: ReadonlyMap<SpanFacts, SpanResolution>,
): Map<SpanFacts, StoredCall> {
  const decided = new Map<SpanFacts, StoredCall>();
  for (const { call, facts } of known) {
    const instead = (facts && resolved.get(facts)?.linkedTo) ?? null;
    if (!facts || !instead || !isSameCall(facts, instead) || !isDecided(call)) continue;
    if (!resolved.get(instead)?.isCounted) continue;
    // Of several the same one in whatever order they are read.
    const other = decided.get(instead);
    if (!other || call.id < other.id) decided.set(instead, call);
  }
  return decided;
}

/** What a revision says of a report that does not count, as a person decided of its call. */
export function reasonOf(call: StoredCall): string {
  const did = call.counted ? "restored" : "voided";
  return `a person ${did} this call as ${call.id} tells it`;
}

function isSameCall(one: SpanFacts, other: SpanFacts): boolean {
  const isSamePlace =
    one.spanId !== "" && one.spanId === other.spanId && one.traceId === other.traceId;
  if (isSamePlace || (one.kind === "tool" && other.kind === "tool")) return true;
  return one.usage !== null && other.usage !== null && isSameSize(one.usage, other.usage);
}
