import type { IncomingMessage } from "node:http";
import { type Exchange, sendText } from "@/ingest/exchange";
import { isOutlayError, type Problem, toProblem } from "@/lib/errors";

/** What is read of a refused body before its connection is cut. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/** Answers with a problem (RFC 9457). @param members further members of it, such as what was rejected. */
export function sendProblem(
  exchange: Exchange,
  error: unknown,
  members: Record<string, unknown> = {},
): void {
  sendRefusal(exchange, error, (problem) => ({
    body: JSON.stringify({ ...problem, ...members }),
    type: "application/problem+json; charset=utf-8",
  }));
}

/**
 * Answers a request that is refused, in the words of its protocol. The rest of a refused body is read and thrown away:
 * most clients read an answer only after they have sent everything, and would see a broken connection instead of the
 * reason.
 */
export function sendRefusal(
  exchange: Exchange,
  error: unknown,
  write: (problem: Problem) => { body: string | Uint8Array; type: string },
): void {
  const { request, response } = exchange;
  const problem = toProblem(error, exchange.id);
  if (problem.status >= 500 && problem.status !== 503) {
    exchange.log.error({ err: error, requestId: exchange.id }, "a request failed");
  }
  // Whatever fails after the answer began can no longer be told.
  if (response.headersSent) return;
  const headers: Record<string, string> = {};
  if (problem.status === 401) headers["www-authenticate"] = "Bearer";
  const retryAfter = isOutlayError(error) ? error.retryAfterSeconds : undefined;
  if (retryAfter) headers["retry-after"] = String(retryAfter);
  const { body, type } = write(problem);
  const answer = (): void => sendText(exchange, problem.status, body, type, headers);
  if (request.complete) answer();
  else discardRest(request, answer);
}

/**
 * Answers at once a client that keeps its connection: it may stop sending. One that asked to close it is
 * answered when it has sent everything, because the answer ends the connection under its hands.
 */
function discardRest(request: IncomingMessage, answer: () => void): void {
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
