import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ErrorCode, isOutlayError, OutlayError, toProblem } from "@/lib/errors";

/** What is read of a refused body before its connection is cut. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/**
 * Answers with a problem (RFC 9457). The rest of a refused body is read and thrown away: most clients read an
 * answer only after they have sent everything, and would see a broken connection instead of the reason.
 * @param members further members of the problem, such as what was rejected.
 */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  members: Record<string, unknown> = {},
): FastifyReply {
  const shown = isOutlayError(error) ? error : fromFastify(error);
  const problem = toProblem(shown ?? error, request.id);
  if (problem.status >= 500 && problem.status !== 503) {
    request.log.error({ err: error, requestId: request.id }, "a request failed");
  }
  if (problem.status === 401) reply.header("www-authenticate", "Bearer");
  if (shown?.retryAfterSeconds) reply.header("retry-after", String(shown.retryAfterSeconds));
  reply.code(problem.status).header("content-type", "application/problem+json; charset=utf-8");
  const answer = (): unknown => reply.send(JSON.stringify({ ...problem, ...members }));
  if (request.raw.complete) answer();
  else discardRest(request.raw, answer);
  return reply;
}

/**
 * Answers at once a client that keeps its connection: it may stop sending. One that asked to close it is
 * answered when it has sent everything, because the answer ends the connection under its hands.
 */
function discardRest(request: IncomingMessage, answer: () => unknown): void {
  let left = MAX_DISCARDED_BYTES;
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  const isClosing = /\bclose\b/i.test(request.headers.connection ?? "");
  if (isClosing || request.httpVersion === "1.0") request.once("end", answer);
  else answer();
  request.resume();
}

const CODE_BY_STATUS: Record<number, ErrorCode> = {
  400: "bad_request",
  404: "not_found",
  405: "method_not_allowed",
  413: "payload_too_large",
  414: "bad_request",
  415: "unsupported_media_type",
};

/** What the framework itself refuses before a handler runs: its messages name headers, never our insides. */
function fromFastify(error: unknown): OutlayError | null {
  if (!(error instanceof Error) || !("statusCode" in error)) return null;
  const code = CODE_BY_STATUS[Number(error.statusCode)];
  return code ? new OutlayError(code, error.message, { cause: error }) : null;
}
