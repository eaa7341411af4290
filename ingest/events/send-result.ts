import type { EventFault, IngestResult } from "@/ingest/events/accept-events";
import type { SentName } from "@/ingest/events/read-events";
import { type Exchange, sendText } from "@/ingest/exchange";
import { sendProblem } from "@/ingest/send-problem";
import { type FieldError, OutlayError } from "@/lib/errors";

/** Answers what became of a request: 202 where anything was accepted, 422 where nothing was. */
export function sendResult(exchange: Exchange, result: IngestResult, name: SentName): void {
  if (result.accepted > 0) {
    sendText(exchange, 202, JSON.stringify(result));
    return;
  }
  const faults = [...result.rejected, ...result.conflicts];
  const detail =
    faults.length === 0 ? `The request has no ${name}.` : `No ${NOUNS[name]} was accepted.`;
  const error = new OutlayError("unprocessable", detail, { errors: shortList(faults, name) });
  sendProblem(exchange, error, { ...result });
}

const NOUNS = { events: "event", outcomes: "outcome" } as const;
const MAX_LISTED = 16;

/** The first faults in the problem's own list, for clients that know problems and not our answer. */
function shortList(faults: readonly EventFault[], name: SentName): FieldError[] {
  const errors: FieldError[] = [];
  for (const { index, errors: own } of faults) {
    for (const { path, message } of own) {
      if (errors.length === MAX_LISTED) return errors;
      errors.push({ path: path ? `${name}.${index}.${path}` : `${name}.${index}`, message });
    }
  }
  return errors;
}
