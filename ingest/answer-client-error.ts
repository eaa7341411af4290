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

const HTTP2_PREFACE = "PRI * HTTP/2.0";
const NO_GRPC =
  "HTTP/2 and gRPC are not spoken here: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";

/** What a client of gRPC begins with. */
function isHttp2Preface(error: Error): boolean {
  const packet = "rawPacket" in error ? error.rawPacket : null;
  return packet instanceof Uint8Array && Buffer.from(packet).includes(HTTP2_PREFACE);
}

/** Two frames of HTTP/2: our empty SETTINGS, and a GOAWAY (HTTP_1_1_REQUIRED) whose text the client's log shows. */
function refuseHttp2(): Buffer {
  const text = Buffer.from(NO_GRPC);
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const goAway = Buffer.from([0, 0, 8 + text.length, 7, 0, 0, 0, 0, 0]);
  const reason = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0x0d]);
  return Buffer.concat([settings, goAway, reason, text]);
}

/**
 * Answers what is no readable HTTP request: the listener of a server's `clientError`. It has no response to
 * write to, so the problem is written as it goes over the wire, and the connection ends.
 */
export function answerClientError(error: Error, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  if (isHttp2Preface(error)) {
    socket.end(refuseHttp2());
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
