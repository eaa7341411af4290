import type { IngestContext } from "@/ingest/events/derive-row";
import {
  countDataPoints,
  decodeRecords,
  type OtlpEncoding,
  type SentRecord,
} from "@/ingest/otlp/decode-otlp";
import type { OtlpSignal } from "@/ingest/otlp/otlp-messages";
import type { OtlpLog, OtlpSpan } from "@/ingest/otlp/otlp-records";
import { pick, readId } from "@/ingest/otlp/read-field";
import { toLog } from "@/ingest/otlp/to-log";
import { toOtlpSample } from "@/ingest/otlp/to-otlp-sample";
import { toSpan } from "@/ingest/otlp/to-span";
import type { RejectionLog } from "@/ingest/rejections/rejection-log";
import type { FieldError } from "@/lib/errors";

/** Keeps spans and log records; says which of them it refuses, by their places among those that were given. */
export type AcceptSpans = (
  input: { spans: readonly OtlpSpan[]; logs: readonly OtlpLog[] },
  context: IngestContext,
) => Promise<{
  rejected: readonly { index: number; signal: "span" | "log"; errors: readonly FieldError[] }[];
}>;

export interface AcceptOtlpDeps {
  acceptSpans: AcceptSpans;
  rejections: Pick<RejectionLog, "note"> | null;
}

/** What a request came to. */
export interface OtlpResult {
  /** Spans, log records or data points. */
  sent: number;
  /** In the order they were sent. */
  rejected: { index: number; errors: readonly FieldError[] }[];
}

/** After so many records the event loop gets a turn, as in accepting events. */
const RECORDS_PER_TURN = 250;

/**
 * Takes an export request: what is right of it is kept, on disk, when this resolves; what is not is noted among the
 * rejections. Metrics repeat what spans and logs say: they are counted and forgotten.
 * @throws OutlayError 400 or 413 for the body as a whole, `unavailable` where nothing can be kept: then nothing is
 */
export async function acceptOtlp(
  { signal, encoding, body }: { signal: OtlpSignal; encoding: OtlpEncoding; body: Buffer },
  context: IngestContext,
  deps: AcceptOtlpDeps,
): Promise<OtlpResult> {
  if (signal === "metrics") return { sent: countDataPoints(body, encoding), rejected: [] };
  const sent = decodeRecords(signal, body, encoding);
  const spans: OtlpSpan[] = [];
  const logs: OtlpLog[] = [];
  /** Where each span or log record that was read stood in the request. */
  const places: number[] = [];
  const rejected: OtlpResult["rejected"] = [];
  for (const [index, record] of sent.entries()) {
    if (index > 0 && index % RECORDS_PER_TURN === 0) await new Promise(setImmediate);
    const read = signal === "traces" ? toSpan(record, context.nowMs) : toLog(record, context.nowMs);
    if ("errors" in read) rejected.push({ index, errors: read.errors });
    else {
      places.push(index);
      if ("span" in read) spans.push(read.span);
      else logs.push(read.log);
    }
  }
  if (places.length > 0) {
    const result = await deps.acceptSpans({ spans, logs }, context);
    // A request holds one signal: an index among its spans or logs is one among what was read.
    for (const { index, errors } of result.rejected) {
      rejected.push({ index: places[index] ?? index, errors });
    }
    rejected.sort((a, b) => a.index - b.index);
  }
  if (rejected.length > 0) await noteRejected(signal, sent, rejected, context, deps.rejections);
  return { sent: sent.length, rejected };
}

async function noteRejected(
  signal: "traces" | "logs",
  sent: readonly SentRecord[],
  rejected: OtlpResult["rejected"],
  context: IngestContext,
  log: AcceptOtlpDeps["rejections"],
): Promise<void> {
  const named = rejected.map(({ index, errors }) => {
    return { index, errors, id: idOf(signal, sent[index]) };
  });
  const samples = sent.map((record) => ({
    sample: () => ({ signal: signal === "traces" ? "span" : "log", ...toOtlpSample(record) }),
  }));
  await log?.note(samples, { rejected: named, conflicts: [] }, context);
}

/** The id that its call would have had; null where it has none. */
function idOf(signal: "traces" | "logs", record: SentRecord | undefined): string | null {
  if (signal === "logs" || !record?.fields) return null;
  const traceId = readId(pick(record.fields, "traceId", "trace_id"), 16);
  const spanId = readId(pick(record.fields, "spanId", "span_id"), 8);
  return traceId && spanId ? `otlp:${traceId}:${spanId}` : null;
}
