import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "@/lib/log";

/** One request of a machine and the answer to it. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** Ours: an id sent by a client would let it write what it likes into our log. */
  id: string;
  /** What stands before the `?` and behind it, as they came. */
  path: string;
  query: string;
  log: Log;
}

/** Takes a request apart. */
export function openExchange(
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): Exchange {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  return {
    request,
    response,
    id: randomUUID(),
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    log,
  };
}

/**
 * Writes the whole answer in one call: what Node then does (length, connection, date) is its quickest way.
 * @param text JSON, to which `type` says of which kind; or bytes.
 */
export function sendText(
  { response, id }: Exchange,
  status: number,
  text: string | Uint8Array,
  type = "application/json; charset=utf-8",
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    "x-request-id": id,
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
