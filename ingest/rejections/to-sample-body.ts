import type { SentEvent } from "@/ingest/events/read-events";

/** What else than an event may be refused: it says itself what may be kept of it, and is asked only where it is. */
export interface RefusedPart {
  sample: () => Record<string, unknown>;
}

/** What is kept of an event that was not accepted. */
export interface SampleBody {
  body: string;
  /** Only a part is kept: it cannot be tried again. */
  isTruncated: boolean;
  isContentDropped: boolean;
}

/** Enough for every event that is right but for a few fields; larger ones are prompts in the wrong place. */
const MAX_BODY = 64 * 1024;
const MAX_UNREADABLE = 500;
/** Where prompts and answers stand when they are sent past `content`: their names stay, as they are the fault. */
const CONTENT_NAMES = ["system", "messages", "tools", "completion", "prompt", "input", "output"];
const CONTENT_IN_TEXT = new RegExp(`"(content|${CONTENT_NAMES.join("|")})"`);
const NOT_KEPT = "(not kept)";

/**
 * The JSON of an event without its prompts and answers: a project that keeps no content must not find it here. At most
 * 64 KiB of it, and said where that is not all.
 */
export function toSampleBody(event: SentEvent | RefusedPart): SampleBody {
  if ("sample" in event) {
    const body = JSON.stringify(event.sample()).slice(0, MAX_BODY);
    return { body, isTruncated: true, isContentDropped: true };
  }
  if ("unreadable" in event) return toUnreadableBody(event.text);
  const { value } = event;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const { kept, isContentDropped } = isObject
    ? dropContent(value as Record<string, unknown>)
    : { kept: value, isContentDropped: false };
  const text = JSON.stringify(kept) ?? "null";
  const isTruncated = text.length > MAX_BODY;
  return { body: isTruncated ? text.slice(0, MAX_BODY) : text, isTruncated, isContentDropped };
}

function dropContent(value: Record<string, unknown>) {
  const { content, ...kept } = value;
  let isContentDropped = content !== undefined && content !== null;
  for (const name of CONTENT_NAMES) {
    if (!(name in kept)) continue;
    kept[name] = NOT_KEPT;
    isContentDropped = true;
  }
  return { kept, isContentDropped };
}

/** What is no JSON can be cut nowhere with certainty: its beginning, up to where content may begin. */
function toUnreadableBody(text: string): SampleBody {
  const contentAt = text.search(CONTENT_IN_TEXT);
  const end = Math.min(contentAt < 0 ? text.length : contentAt, MAX_UNREADABLE);
  return { body: text.slice(0, end), isTruncated: true, isContentDropped: contentAt >= 0 };
}
