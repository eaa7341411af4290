import { bodyText } from "@/ingest/http-body/body-text";
import { OutlayError } from "@/lib/errors";

/** The contract's limit of one request. */
export const MAX_EVENTS = 10_000;

/** What a list in a body may be of. */
export type SentName = "events" | "outcomes";

/** One event as it stood in the body, or the reason why it could not be read. */
export type SentEvent = { value: unknown } | { unreadable: string; text: string };

/**
 * Finds the events in a body: `{"events": [...]}`, a list, one event, or one event a line.
 * @param name what they are called, if it is not events
 * @throws OutlayError 400 where the body as a whole cannot be read, 413 for more than 10,000 events. A bad line of
 * NDJSON is only that event's fault.
 */
export function readEvents(
  body: Buffer,
  format: "json" | "ndjson",
  name: SentName = "events",
): SentEvent[] {
  const text = withoutByteOrderMark(bodyText(body));
  const events = format === "ndjson" ? readLines(text, name) : readJson(text, name);
  if (events.length > MAX_EVENTS) throw tooMany(name);
  return events;
}

function readJson(text: string, name: SentName): SentEvent[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new OutlayError("bad_request", `The body is not valid JSON: ${messageOf(error)}`);
  }
  return listOf(json, name).map((value) => ({ value }));
}

function listOf(json: unknown, name: SentName): unknown[] {
  if (Array.isArray(json)) return json;
  if (typeof json !== "object" || json === null || !(name in json)) return [json];
  const other = Object.keys(json).find((key) => key !== name);
  if (other !== undefined) {
    const errors = [{ path: other.slice(0, 100), message: `is not a known field beside ${name}` }];
    throw new OutlayError("bad_request", `The body has a field beside ${name}.`, { errors });
  }
  const list = Object.values(json)[0];
  if (Array.isArray(list)) return list;
  const errors = [{ path: name, message: "must be a list" }];
  throw new OutlayError("bad_request", `${name} must be a list.`, { errors });
}

function readLines(text: string, name: SentName): SentEvent[] {
  const events: SentEvent[] = [];
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line === "") continue;
    if (events.length === MAX_EVENTS) throw tooMany(name);
    events.push(readLine(line));
  }
  return events;
}

function readLine(line: string): SentEvent {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    return { unreadable: `is not valid JSON: ${messageOf(error)}`, text: line };
  }
}

function tooMany(name: SentName): OutlayError {
  return new OutlayError(
    "payload_too_large",
    `A request holds at most ${MAX_EVENTS.toLocaleString("en-US")} ${name}. Split it into smaller ones.`,
  );
}

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** V8 quotes a few characters around the fault; that is the sender's own text. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : "unreadable";
}
