import { deriveRow, type IngestContext } from "@/ingest/events/derive-row";
import type { SentEvent } from "@/ingest/events/read-events";
import type { TracedProjects } from "@/ingest/otlp/traced-projects";
import type { RejectionLog } from "@/ingest/rejections/rejection-log";
import { noRoom } from "@/ingest/spool/no-room";
import type { Spool } from "@/ingest/spool/open-spool";
import type { SpoolEvent } from "@/ingest/spool/spool-event";
import type { FieldError } from "@/lib/errors";
import { checkEvent } from "@/lib/events/check-event";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";

/** One event that did not count, by its place in the request. */
export interface EventFault {
  index: number;
  /** The id it was sent with; null where it had none that can be shown. */
  id: string | null;
  errors: FieldError[];
}

/** accepted + rejected + conflicts = events sent. */
export interface IngestResult {
  accepted: number;
  rejected: EventFault[];
  conflicts: EventFault[];
}

export interface AcceptDeps {
  spool: Spool;
  prices: PriceBookHolder;
  /** Where events that are not accepted are noted; null: nowhere, they are known already. */
  rejections: Pick<RejectionLog, "note"> | null;
  /** Which projects send spans too, of which an event may be one; left out: none. */
  traced?: Pick<TracedProjects, "has" | "hasRoom" | "touch">;
}

/** After so many events the event loop gets a turn: ten thousand at once would stop every page for a third of a second. */
const EVENTS_PER_TURN = 250;

const CONFLICT: FieldError = {
  path: "id",
  message: "is known with other content: the event that came first stays, this one is not counted",
};

/**
 * Takes a request's events: each is checked and priced by itself, and those that are right are in the spool,
 * flushed to disk, when this resolves.
 * @throws OutlayError `unavailable` where the spool takes nothing: then none of them is accepted.
 */
export async function acceptEvents(
  sent: readonly SentEvent[],
  context: IngestContext,
  deps: AcceptDeps,
): Promise<IngestResult> {
  const result: IngestResult = { accepted: 0, rejected: [], conflicts: [] };
  const rows: SpoolEvent[] = [];
  const indexes: number[] = [];
  const traced = deps.traced?.has(context.projectId) ? deps.traced : null;
  const traces: { traceId: string; timestampUs: number }[] = [];
  for (let index = 0; index < sent.length; index++) {
    if (index > 0 && index % EVENTS_PER_TURN === 0) await new Promise(setImmediate);
    const event = sent[index];
    if (!event) continue;
    const read = readOne(event, context, deps.prices);
    if (Array.isArray(read)) {
      result.rejected.push({ index, id: idOf(event), errors: read });
    } else {
      rows.push(read);
      indexes.push(index);
      const traceId = traced && traceOf(event);
      const bucket = read.identity?.bucket;
      const timestampUs = (bucket === undefined ? context.nowMs / 1000 : bucket) * 1e6;
      if (traceId) traces.push({ traceId, timestampUs });
    }
  }
  // Before anything is kept: events without an id would count twice when a refused request is sent again.
  if (traces.length > 0 && !traced?.hasRoom()) throw noRoom();
  const outcomes = rows.length > 0 ? await deps.spool.append(rows) : [];
  // Also of what is known already: whether it was told the time before is not.
  if (traces.length > 0) await traced?.touch(context.projectId, traces);
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome !== "conflict") result.accepted++;
    else {
      const id = rows[i]?.identity?.id ?? null;
      result.conflicts.push({ index: indexes[i] ?? i, id, errors: [CONFLICT] });
    }
  }
  const isAnyRefused = result.rejected.length + result.conflicts.length > 0;
  if (isAnyRefused) await deps.rejections?.note(sent, result, context);
  return result;
}

/** The row of an event, or its faults. */
function readOne(
  event: SentEvent,
  context: IngestContext,
  prices: PriceBookHolder,
): SpoolEvent | FieldError[] {
  if ("unreadable" in event) return [{ path: "", message: event.unreadable }];
  const checked = checkEvent(event.value, context.nowMs);
  return checked.ok ? deriveRow(checked.event, context, prices) : checked.errors;
}

/** The trace that an event names. */
function traceOf(event: SentEvent): string | null {
  if (!("value" in event)) return null;
  const { value } = event;
  if (typeof value !== "object" || value === null || !("trace_id" in value)) return null;
  return typeof value.trace_id === "string" && value.trace_id !== "" ? value.trace_id : null;
}

const MAX_SHOWN_ID = 128;

/** The id it was sent with, as far as it is shown. */
export function idOf(event: SentEvent): string | null {
  if (!("value" in event)) return null;
  const { value } = event;
  if (typeof value !== "object" || value === null || !("id" in value)) return null;
  return typeof value.id === "string" ? value.id.slice(0, MAX_SHOWN_ID) : null;
}
