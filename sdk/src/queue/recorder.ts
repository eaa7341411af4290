import { byteLength } from "../byte-length.ts";
import type { Sender } from "./sender.ts";

/** An event as `POST /v1/events` takes it; fields that are undefined are not sent. */
export type EventFields = { type: "llm" | "tool" | "agent"; timestamp: string } & Record<
  string,
  unknown
>;

export interface Recorder {
  /** Numbers an event and queues it; the object is the queue's from then on. Never throws. @returns its number */
  record(event: EventFields): number;
}

/** A prompt of more than this is left out: what the call cost must get through. */
const MOST_BYTES = 1024 * 1024;

/** Makes it. @param source which producer's numbers these are @param idPrefix of this process, and of no other one */
export function createRecorder(sender: Sender, source: string, idPrefix: string): Recorder {
  let sequence = 0;
  return {
    record(event) {
      // Also where there is no room for it: the gap tells.
      sequence++;
      const id = `${idPrefix}-${sequence}`;
      // Set one by one, here and where events are made: to spread objects of thirty fields costs as much as all else.
      event.id = id;
      event.source = source;
      event.sequence = sequence;
      const text = write(event);
      sender.push({ id, sequence, text, bytes: byteLength(text) });
      return sequence;
    },
  };
}

function write(event: Record<string, unknown>): string {
  try {
    const text = JSON.stringify(event);
    if (text.length <= MOST_BYTES || event.content === undefined) return text;
  } catch {
    // What was said or answered cannot be written, such as an object that holds itself.
  }
  const { content, raw_usage, ...rest } = event;
  try {
    return JSON.stringify({ ...rest, raw_usage });
  } catch {
    return JSON.stringify(rest);
  }
}
