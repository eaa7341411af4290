import { deriveRow, type IngestContext } from "@/ingest/events/derive-row";
import { linkedIdOf } from "@/ingest/link/make-rest";
import { checkWithoutFaults } from "@/ingest/otlp/check-without-faults";
import type { OtlpLog, OtlpSpan } from "@/ingest/otlp/otlp-records";
import { readLog } from "@/ingest/otlp/read-log";
import { readSpan } from "@/ingest/otlp/read-span";
import { type SpanRow, toSpanRow } from "@/ingest/otlp/span-row";
import { isCall, toEvent } from "@/ingest/otlp/to-event";
import type { TraceMemory } from "@/ingest/otlp/trace-memory";
import type { RejectionLog } from "@/ingest/rejections/rejection-log";
import { noRoom } from "@/ingest/spool/no-room";
import type { Spool } from "@/ingest/spool/open-spool";
import type { SpoolEvent, SpoolOutcome } from "@/ingest/spool/spool-event";
import type { FieldError } from "@/lib/errors";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { CallContent } from "@/lib/traces/call-content";
import { callIdOf } from "@/lib/traces/call-id-of";
import type { SpanResolution } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";

export interface AcceptSpansDeps {
  spool: Spool;
  /** The spool of spans, what was seen of traces lately, and which projects have any. */
  spans: { spool: Spool; memory: TraceMemory; noteProject: (projectId: string) => void };
  prices: Pick<PriceBookHolder, "priceCall">;
  /** Where what is wrong inside of a span is noted; null: nowhere. */
  rejections: Pick<RejectionLog, "note"> | null;
}

/** A span or log record that is not kept, by its place among those that were given. */
export interface RefusedSpan {
  index: number;
  signal: "span" | "log";
  errors: FieldError[];
}

/** One span or log record as it was read. */
export interface ReadSpan {
  index: number;
  signal: "span" | "log";
  facts: SpanFacts;
  content: CallContent | null;
}

/** After so many the event loop gets a turn, as in accepting events. */
const SPANS_PER_TURN = 100;
const CONFLICT: FieldError = {
  path: "span_id",
  message: "is known with other content: what came first stays, this is not counted",
};

/**
 * Takes spans and log records: what each says about itself is kept, and calls and executions of tools among them are rows
 * of the ledger, resolved as far as this process knows their traces. All of it is flushed to disk when this resolves.
 * @throws OutlayError `unavailable` where nothing can be kept: then nothing is that would not be the same when it is sent
 * again
 */
export async function acceptSpans(
  input: { spans: readonly OtlpSpan[]; logs: readonly OtlpLog[] },
  context: IngestContext,
  deps: AcceptSpansDeps,
): Promise<{ rejected: RefusedSpan[] }> {
  const read: ReadSpan[] = [];
  for (const [index, span] of input.spans.entries()) {
    if (index > 0 && index % SPANS_PER_TURN === 0) await new Promise(setImmediate);
    read.push({ index, signal: "span", ...readSpan(span, context.tagMapping) });
  }
  for (const [index, log] of input.logs.entries()) {
    if (index > 0 && index % SPANS_PER_TURN === 0) await new Promise(setImmediate);
    const found = readLog(log, context.tagMapping);
    if (found) read.push({ index, signal: "log", ...found });
  }
  return acceptFacts(read, context, deps);
}

/** As `acceptSpans`, of what was read of them. */
export async function acceptFacts(
  read: readonly ReadSpan[],
  context: IngestContext,
  { spool, spans, prices, rejections }: AcceptSpansDeps,
): Promise<{ rejected: RefusedSpan[] }> {
  if (read.length === 0) return { rejected: [] };
  const { projectId, nowMs } = context;
  const resolved = spans.memory.resolve(
    projectId,
    read.map(({ facts }) => facts),
    nowMs,
  );
  const taken: { span: ReadSpan; row: SpanRow }[] = [];
  const calls: SpoolEvent[] = [];
  const faulty: Faulty[] = [];
  const rejected: RefusedSpan[] = [];
  for (const [place, span] of read.entries()) {
    if (place > 0 && place % SPANS_PER_TURN === 0) await new Promise(setImmediate);
    const row = toSpanRow(projectId, span.facts);
    const call = toCall(span, resolved.get(span.facts) ?? alone(span.facts), context);
    if (call && !call.checked.ok) {
      rejected.push({ index: span.index, signal: span.signal, errors: call.checked.errors });
      continue;
    }
    if (call?.checked.ok) {
      const { isCounted, linkedId } = call;
      const responseId = span.facts.responseId ?? "";
      const { contentHash } = row.identity;
      const place = { contentHash, isCounted, linkedId, responseId };
      calls.push(deriveRow(call.checked.event, context, prices, place));
    }
    const faults = [...faultsOf(span.facts), ...(call?.dropped ?? [])];
    if (faults.length > 0) faulty.push({ facts: span.facts, errors: faults });
    taken.push({ span, row });
  }
  const rows = taken.map(({ row }) => row);
  if (!spool.hasRoom(calls) || !spans.spool.hasRoom(rows)) throw noRoom();
  spans.noteProject(projectId);
  // The calls first: whoever reads a span knows that its call is on its way, or there.
  if (calls.length > 0) await spool.append(calls);
  const outcomes = rows.length > 0 ? await spans.spool.append(rows) : [];
  rejected.push(...listConflicts(taken, outcomes));
  await noteFaults(faulty, context, rejections);
  return { rejected };
}

/** What becomes of a span of which a process knows nothing else. */
function alone(facts: SpanFacts): SpanResolution {
  const { tags, metadata, attempt } = facts;
  return { isCounted: true, linkedTo: null, rest: null, tags, metadata, attempt };
}

/** The event of a call, checked; null for what is none. */
function toCall({ facts, content }: ReadSpan, resolution: SpanResolution, context: IngestContext) {
  if (!isCall(facts)) return null;
  const { isCounted } = resolution;
  const linkedId = linkedIdOf(facts, resolution, callIdOf);
  const event = toEvent(facts, resolution, content);
  return { isCounted, linkedId, ...checkWithoutFaults(event, context.nowMs) };
}

interface Faulty {
  facts: SpanFacts;
  errors: FieldError[];
}

function faultsOf({ faults }: SpanFacts): FieldError[] {
  return faults.map((path) => ({ path, message: "is no count and no amount, and was left out" }));
}

/** Shown under Integrity, though the span itself is kept: a sum that is too small has its reason there. */
async function noteFaults(
  faulty: readonly Faulty[],
  context: IngestContext,
  rejections: AcceptSpansDeps["rejections"],
): Promise<void> {
  if (faulty.length === 0 || !rejections) return;
  const samples = faulty.map(({ facts }) => ({ value: { ...facts, note: "kept without it" } }));
  const refusals = faulty.map(({ facts, errors }, index) => {
    return { index, id: callIdOf(facts), errors };
  });
  await rejections.note(samples, { rejected: refusals, conflicts: [] }, context);
}

function listConflicts(
  taken: readonly { span: ReadSpan }[],
  outcomes: readonly SpoolOutcome[],
): RefusedSpan[] {
  return taken.flatMap(({ span: { index, signal } }, place) =>
    outcomes[place] === "conflict" ? [{ index, signal, errors: [CONFLICT] }] : [],
  );
}
