import { toInstantUs } from "@/db/clickhouse/llm-call-row";
import type { StoredCall } from "@/db/clickhouse/queries/revise-calls";
import { toEventFacts } from "@/ingest/link/event-facts";
import { findDecided, isDecided, reasonOf } from "@/ingest/link/find-decided";
import { describeLinked, isSameLinked } from "@/ingest/link/linked-columns";
import type { LoadedTraces } from "@/ingest/link/load-traces";
import { linkedIdOf, type MakeRest, type Rest, restOf } from "@/ingest/link/make-rest";
import { bucketOf } from "@/lib/corrections/read-correction-page";
import { callIdOf, ownerOfRest } from "@/lib/traces/call-id-of";
import type { LinkChange } from "@/lib/traces/link-change";
import type { SpanResolution } from "@/lib/traces/resolve-trace";
import { resolveTrace } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";

export interface LinkOptions {
  /** Calls of before it keep what their day was sealed with; ms since 1970. */
  sealedBeforeMs: number;
  makeRest: MakeRest;
}

/** A call of the ledger with what it says of itself; null for a rest, of which its owner says all. */
interface KnownCall {
  call: StoredCall;
  facts: SpanFacts | null;
}

/**
 * What the calls of some traces are to be, where they are not: a pure function of what is stored, so that it comes to the
 * same whatever came first.
 */
export function planLinks(loaded: LoadedTraces, options: LinkOptions): LinkChange[] {
  const byName = new Map(loaded.facts.map((facts) => [nameOf(callIdOf(facts), facts), facts]));
  const known = loaded.calls.flatMap((call): KnownCall[] => {
    if (ownerOfRest(call.id) !== null) return [{ call, facts: null }];
    const own = byName.get(`${call.id} ${bucketOf(call)}`);
    if (own) return [{ call, facts: own }];
    // Told by a span that was never stored, or another one's id: its row stands by itself.
    return call.id.startsWith("otlp:") ? [] : [{ call, facts: toEventFacts(call) }];
  });
  const events = known.flatMap(({ call, facts }) =>
    facts?.signal === "event" ? [[facts, call.id] as const] : [],
  );
  const eventIds = new Map(events);
  const resolved = resolveTrace([...byName.values(), ...eventIds.keys()]);
  const idOf = (facts: SpanFacts) => eventIds.get(facts) ?? callIdOf(facts);
  const decided = findDecided(known, resolved);
  const context: Context = { ...options, loaded, resolved, idOf, known, decided };
  return [...known.flatMap((one) => revise(one, context)), ...addRests(context)];
}

interface Context extends LinkOptions {
  loaded: LoadedTraces;
  resolved: ReadonlyMap<SpanFacts, SpanResolution>;
  idOf: (facts: SpanFacts) => string;
  known: readonly KnownCall[];
  /** What would count though a person decided of the same call: see `findDecided`. */
  decided: ReadonlyMap<SpanFacts, StoredCall>;
}

function revise({ call, facts }: KnownCall, context: Context): LinkChange[] {
  if (!mayChange(call, context)) return [];
  const wanted = facts ? wantedOf(call, facts, context) : wantedOfRest(call, context);
  if (!wanted) return [];
  const linked = describeLinked(call, wanted);
  const isSame = wanted.isCounted === call.counted || isDecided(call);
  if (isSame && isSameLinked(call, linked)) return [];
  const { agent, task, task_type, feature, user, session, counted } = call;
  return [
    {
      kind: "revise",
      bucket: bucketOf(call),
      id: call.id,
      revision: call.revision,
      before: { agent, task, task_type, feature, user, session, counted },
      counted: isDecided(call) ? counted : wanted.isCounted,
      linked,
      ...(wanted.reason === undefined ? {} : { reason: wanted.reason }),
    },
  ];
}

/** What a call is to be. */
export interface Wanted {
  facts: SpanFacts;
  resolution: SpanResolution;
  isCounted: boolean;
  /** "": nothing counts instead. */
  linkedId: string;
  /** What the revision says beside that it links. */
  reason?: string;
}

function wantedOf(call: StoredCall, facts: SpanFacts, context: Context): Wanted | null {
  const { resolved, idOf } = context;
  const resolution = resolved.get(facts);
  if (!resolution) return null;
  const decided = context.decided.get(facts);
  if (decided) {
    const reason = reasonOf(decided);
    return { facts, resolution, isCounted: false, linkedId: decided.id, reason };
  }
  const { linkedTo } = resolution;
  if (facts.signal === "event" && !isTold(linkedTo)) {
    // An event is what somebody sent to be counted: only a span can tell that it was counted already.
    return {
      facts,
      resolution,
      isCounted: call.linked_id === "" ? call.counted : true,
      linkedId: "",
    };
  }
  const linkedId = linkedIdOf(facts, resolution, idOf);
  return { facts, resolution, isCounted: resolution.isCounted, linkedId };
}

function isTold(linkedTo: SpanFacts | null): boolean {
  return linkedTo !== null && linkedTo.signal !== "event";
}

/** The rest that an outer span has now counts; one that it had before more was known does not. */
function wantedOfRest(call: StoredCall, context: Context): Wanted | null {
  const owner = ownerOf(call, context);
  const facts = owner?.facts;
  const resolution = facts && context.resolved.get(facts);
  if (!facts || !resolution) return null;
  const rest = restOf(facts, resolution);
  const isCounted = rest?.id === call.id;
  return { facts, resolution, isCounted, linkedId: isCounted ? "" : (rest?.id ?? owner.call.id) };
}

function ownerOf(rest: StoredCall, { known }: Context): KnownCall | undefined {
  const id = ownerOfRest(rest.id);
  return known.find(({ call }) => call.id === id && call.bucket === rest.bucket);
}

/** Rests that have no row yet, of spans whose own rows are there. */
function addRests(context: Context): LinkChange[] {
  const stored = new Set(context.known.map(({ call }) => `${call.id} ${bucketOf(call)}`));
  return context.known.flatMap(({ call, facts }): LinkChange[] => {
    const resolution = facts && context.resolved.get(facts);
    if (!resolution || facts.signal === "event") return [];
    const rest = restOf(facts, resolution);
    if (!mayChange(call, context) && !isOwedRest(call, rest, context)) return [];
    const bucket = bucketOf(call);
    if (!rest || stored.has(`${rest.id} ${bucket}`)) return [];
    const row = context.makeRest(facts, resolution, rest);
    return row ? [{ kind: "add", bucket, id: rest.id, row }] : [];
  });
}

/** Its day is sealed, and it came as a call that does not count for this rest does: without that nothing would. */
function isOwedRest(call: StoredCall, rest: Rest | null, { loaded }: Context): boolean {
  return rest !== null && !call.counted && call.linked_id === rest.id && isWhole(call, loaded);
}

function isWhole(call: StoredCall, { whole }: LoadedTraces): boolean {
  const trace = typeof call.trace_id === "string" ? call.trace_id : "";
  return whole.has(trace === "" ? call.id.replace(/^otlp:/, "") : trace);
}

function mayChange(call: StoredCall, { loaded, sealedBeforeMs }: Context): boolean {
  return toInstantUs(call.ts) >= sealedBeforeMs * 1000 && isWhole(call, loaded);
}

function nameOf(id: string, { startUs }: SpanFacts): string {
  return `${id} ${Math.floor(startUs / 900e6) * 900}`;
}
