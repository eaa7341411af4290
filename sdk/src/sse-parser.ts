/** One server-sent event. */
export interface ServerSentEvent {
  /** `message` where it names none. */
  event: string;
  data: string;
  /** The last one that the stream named. */
  id: string;
}

export interface SseListener {
  onEvent(event: ServerSentEvent): void;
  /** How long to wait before coming back, milliseconds. */
  onRetry?(ms: number): void;
}

/** No event of ours comes near: a stream that never ends its event must not fill the memory. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/**
 * Makes a parser of `text/event-stream` as the WHATWG's standard has it, in pieces cut anywhere. Lines end with CR, LF
 * or both; an event that no blank line ended is dropped with its stream.
 * @throws RangeError for an event of more than 16 MiB
 */
export function createSseParser(listener: SseListener): (piece: string) => void {
  let rest = "";
  let isFirst = true;
  let name = "";
  let data: string[] = [];
  let size = 0;
  let id = "";

  function takeLine(line: string): void {
    if (line === "") {
      if (data.length > 0)
        listener.onEvent({ event: name || "message", data: data.join("\n"), id });
      name = "";
      data = [];
      size = 0;
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") {
      data.push(value);
      size += value.length;
    } else if (field === "event") name = value;
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d+$/.test(value)) listener.onRetry?.(Number(value));
  }

  return (piece) => {
    let text = rest + piece;
    if (isFirst && text !== "") {
      isFirst = false;
      if (text.startsWith("\ufeff")) text = text.slice(1);
    }
    let start = 0;
    for (const match of text.matchAll(/\r\n|\n|\r/g)) {
      // The CR may be the first half of a CRLF.
      if (match[0] === "\r" && match.index === text.length - 1) break;
      takeLine(text.slice(start, match.index));
      start = match.index + match[0].length;
    }
    rest = text.slice(start);
    if (rest.length + size > MAX_EVENT_CHARACTERS) throw new RangeError("The event is too long.");
  };
}
