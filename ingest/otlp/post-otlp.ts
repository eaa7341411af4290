import { authorize, type Sender } from "@/ingest/authorize";
import { rowPrefixOf } from "@/ingest/events/derive-row";
import type { Exchange } from "@/ingest/exchange";
import type { ByteBudget } from "@/ingest/http-body/byte-budget";
import { readBody } from "@/ingest/http-body/read-body";
import type { Turns } from "@/ingest/http-body/turns";
import { type AcceptOtlpDeps, acceptOtlp, type OtlpResult } from "@/ingest/otlp/accept-otlp";
import { readOtlpEncoding, sendExportResponse, sendOtlpStatus } from "@/ingest/otlp/answer-otlp";
import type { OtlpEncoding } from "@/ingest/otlp/decode-otlp";
import { describeRejected } from "@/ingest/otlp/describe-rejected";
import type { OtlpSignal } from "@/ingest/otlp/otlp-messages";
import type { ProjectLookup } from "@/ingest/project-lookup";
import { sendProblem } from "@/ingest/send-problem";
import { isOutlayError, OutlayError } from "@/lib/errors";
import type { KeyVerifier } from "@/lib/keys/verify-key";

export type PostOtlpDeps = AcceptOtlpDeps & {
  keys: KeyVerifier;
  findProject: ProjectLookup;
  budget: ByteBudget;
  turns: Turns;
};

const RETRY_SECONDS = 5;
/** Of the headers that are shown with a refused body. */
const MAX_HEADER = 200;

/**
 * `POST /v1/traces`, `/v1/logs`, `/v1/metrics`, by OTLP/HTTP's rules: 200 for whatever could be decoded, with what was
 * rejected of it; 400 and 413 are not sent again, 503 is.
 */
export async function postOtlp(
  exchange: Exchange,
  signal: OtlpSignal,
  deps: PostOtlpDeps,
): Promise<void> {
  const { request } = exchange;
  const encoding = readOtlpEncoding(request.headers["content-type"]);
  const taken = { bytes: 0 };
  const sent: { by: Sender | null } = { by: null };
  try {
    const sender = await authorize(exchange, "ingest", deps);
    sent.by = sender;
    if (!encoding) throw unknownEncoding(request.headers["content-type"]);
    const body = await readBody(request, deps.budget, taken);
    const result = await deps.turns.run(taken.bytes, () => {
      const context = { ...sender, nowMs: Date.now(), rowPrefix: rowPrefixOf(sender) };
      return acceptOtlp({ signal, encoding, body }, context, deps);
    });
    answer(exchange, signal, encoding, result);
  } catch (error) {
    await noteRefusedBody(exchange, error, sent.by, deps);
    refuse(exchange, error, encoding);
  } finally {
    deps.budget.give(taken.bytes);
  }
}

function answer(
  exchange: Exchange,
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  { sent, rejected }: OtlpResult,
): void {
  const message = describeRejected(rejected, sent);
  sendExportResponse(exchange, { signal, encoding }, { count: rejected.length, message });
}

function refuse(exchange: Exchange, error: unknown, encoding: OtlpEncoding | null): void {
  if (!encoding) sendProblem(exchange, error);
  else if (isOutlayError(error)) sendOtlpStatus(exchange, error, encoding);
  else {
    // By OTLP's rules a client drops what is answered 500. What fails here for no fault of the body may pass.
    exchange.log.error({ err: error, requestId: exchange.id }, "an OTLP request failed");
    const detail = "Something failed on our side. Send it again.";
    const retry = { retryAfterSeconds: RETRY_SECONDS, cause: error };
    sendOtlpStatus(exchange, new OutlayError("unavailable", detail, retry), encoding);
  }
}

/**
 * A body that cannot be taken is lost for good, and its sender's log is rarely read: Integrity shows it as one
 * rejection. Of the body nothing is kept, as nobody knows where in it content stands.
 */
async function noteRefusedBody(
  { request, path }: Exchange,
  error: unknown,
  sender: Sender | null,
  { rejections }: PostOtlpDeps,
): Promise<void> {
  if (!sender || !isOutlayError(error)) return;
  if (!["bad_request", "payload_too_large", "unsupported_media_type"].includes(error.code)) return;
  // A client that went away in the middle sends it again.
  if (request.destroyed && !request.complete) return;
  const header = (name: string) => String(request.headers[name] ?? "").slice(0, MAX_HEADER);
  const sample = () => ({
    request: `POST ${path}`,
    content_type: header("content-type"),
    content_encoding: header("content-encoding"),
    content_length: header("content-length"),
    user_agent: header("user-agent"),
  });
  const errors = [{ path: "", message: error.message }, ...error.errors];
  const origin = { ...sender, nowMs: Date.now() };
  const refused = { rejected: [{ index: 0, id: null, errors }], conflicts: [] };
  await rejections?.note([{ sample }], refused, origin);
}

function unknownEncoding(contentType: string | undefined): OutlayError {
  const isGrpc = /^application\/grpc/i.test(contentType ?? "");
  const detail = isGrpc
    ? "gRPC is not spoken here: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf."
    : "Content-Type must be application/x-protobuf or application/json.";
  return new OutlayError("unsupported_media_type", detail);
}
