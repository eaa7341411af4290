import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/**
 * How long one client may take, for `http.createServer`: a client that sends a byte a minute holds a connection,
 * and a body half received holds memory. Milliseconds.
 */
export const HTTP_LIMITS = {
  headersTimeout: 20_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 32 * 1024,
} as const;

const STATUS_BY_CODE: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

const DETAIL_BY_STATUS: Record<number, string> = {
  400: "This is not HTTP that can be read.",
  408: "The request took too long to arrive.",
  431: "The request's headers are too large.",
};

/**
 * Answers what is no readable HTTP request: the listener of a server's `clientError`. It has no response to
 * write to, so the problem is written as it goes over the wire, and the connection ends.
 */
export function answerClientError(error: Error, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  const status = STATUS_BY_CODE["code" in error ? String(error.code) : ""] ?? 400;
  const title = STATUS_CODES[status] ?? "Bad request";
  const body = JSON.stringify({
    type: "about:blank",
    title,
    status,
    detail: DETAIL_BY_STATUS[status] ?? "",
    errors: [],
    request_id: randomUUID(),
  });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
