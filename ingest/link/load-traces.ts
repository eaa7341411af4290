import type { ClickHouse } from "@/db/clickhouse/client";
import { listCallsOfTraces } from "@/db/clickhouse/queries/list-calls-by-keys";
import {
  countTraceSpans,
  listTraceSpans,
  listTwinTraces,
} from "@/db/clickhouse/queries/list-trace-spans";
import type { StoredCall } from "@/db/clickhouse/queries/revise-calls";
import type { TouchedTraces } from "@/ingest/link/touched-traces";
import { callIdOf } from "@/lib/traces/call-id-of";
import type { SpanFacts } from "@/lib/traces/span-facts";
import { twinKeys } from "@/lib/traces/twin-keys";

/** Everything that is stored of some traces, and of those their twins stand in. */
export interface LoadedTraces {
  facts: SpanFacts[];
  calls: StoredCall[];
  /** Traces, and log records of none, that may be decided: those that were touched, and whose twins are all there. */
  whole: ReadonlySet<string>;
  /** Traces that are too large to be looked at. */
  tooLarge: string[];
}

/** Spans that are looked at together: some 50 MB of text for a moment. */
const MAX_SPANS = 30_000;
/** A twin of a twin of a twin: what lies further is decided when one of its own spans comes. */
const ROUNDS = 3;
const MAX_TWIN_TRACES = 5_000;
const DAY_US = 86_400e6;
/** A call is told by its twins, and tried again, at about the time it took place. */
const TWIN_US = 900e6;

interface Names {
  traceIds: string[];
  logIds: string[];
}

/**
 * Reads traces whole, as far as they lie within a day of what came of them, and round after round the traces their calls
 * may stand in once more.
 * @throws QueryFailedError, MalformedRowError
 */
export async function loadTraces(
  clickhouse: ClickHouse,
  touched: TouchedTraces,
): Promise<LoadedTraces> {
  const scope = {
    projectIds: [touched.projectId],
    fromUs: Math.max(0, touched.fromUs - DAY_US),
    toUs: touched.toUs + DAY_US,
  };
  const loaded = new Set<string>();
  const whole = new Set<string>();
  const tooLarge: string[] = [];
  const facts: SpanFacts[] = [];
  let next: Names = { traceIds: [...touched.traceIds], logIds: [...touched.logIds] };
  for (let round = 0; round < ROUNDS && next.traceIds.length + next.logIds.length > 0; round++) {
    const fitting = await chooseFitting(
      clickhouse,
      { ...scope, ...next },
      MAX_SPANS - facts.length,
    );
    tooLarge.push(...fitting.tooLarge);
    // Of those that were read the round before all twins are now to be read.
    if (fitting.tooLarge.length === 0) for (const name of loaded) whole.add(name);
    for (const name of [...next.traceIds, ...next.logIds]) loaded.add(name);
    const rows = await listTraceSpans(clickhouse, { ...scope, ...fitting.names });
    const found = rows.map(({ facts: text }) => JSON.parse(text) as SpanFacts);
    for (const one of found) facts.push(one);
    const keys = [...new Set(found.flatMap((one) => twinKeys(one).sought))];
    const twins =
      keys.length === 0
        ? []
        : await listTwinTraces(clickhouse, {
            ...scope,
            fromUs: Math.max(0, touched.fromUs - TWIN_US),
            toUs: touched.toUs + TWIN_US,
            keys,
            limit: MAX_TWIN_TRACES,
          });
    const isNew = (name: string) => name !== "" && !loaded.has(name);
    next = {
      traceIds: twins.map(({ trace_id }) => trace_id).filter(isNew),
      logIds: twins.map(({ log_id }) => log_id).filter(isNew),
    };
  }
  if (next.traceIds.length + next.logIds.length === 0) for (const name of loaded) whole.add(name);
  // What came is decided by what could be read of it; its neighbours are left to their own turn.
  for (const name of [...touched.traceIds, ...touched.logIds]) whole.add(name);
  for (const name of tooLarge) whole.delete(name);
  const traceIds = [...new Set(facts.map(({ traceId }) => traceId))].filter((id) => id !== "");
  const ids = facts.filter(({ traceId }) => traceId === "").map(callIdOf);
  const calls = await listCallsOfTraces(clickhouse, { ...scope, traceIds, ids });
  return { facts, calls, whole, tooLarge };
}

/** Leaves out what would not fit, the largest traces first. */
async function chooseFitting(
  clickhouse: ClickHouse,
  asked: Names & { projectIds: string[]; fromUs: number; toUs: number },
  most: number,
): Promise<{ names: Names; tooLarge: string[] }> {
  const counts = await countTraceSpans(clickhouse, asked);
  const sorted = counts.filter(({ trace_id }) => trace_id !== "").sort((a, b) => a.spans - b.spans);
  const tooLarge: string[] = [];
  let spans = asked.logIds.length;
  for (const { trace_id, spans: own } of sorted) {
    spans += own;
    if (spans > most) tooLarge.push(trace_id);
  }
  const left = new Set(tooLarge);
  const traceIds = asked.traceIds.filter((id) => !left.has(id));
  return { names: { traceIds, logIds: asked.logIds }, tooLarge };
}
