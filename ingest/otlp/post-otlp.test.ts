import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OTLP_MESSAGES, type OtlpSignal } from "@/ingest/otlp/otlp-messages";
import { listCases } from "@/ingest/otlp/testing/corpus";
import { encodeRequest } from "@/ingest/otlp/testing/re-encode";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { listRejections } from "@/lib/rejections/list-rejections";
import { rejectionsQuerySchema } from "@/lib/rejections/rejection-schemas";

let ingest: TestIngest;
let key: string;
beforeAll(async () => {
  ingest = await openTestIngest();
  key = await ingest.makeKey();
});
afterAll(() => ingest.close());

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";
const SPAN = {
  traceId: "5b8efff798038103d269b633813fc60c",
  spanId: "eee19b7ec3c1b174",
  name: "POST /api",
  startTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
};
const requestOf = (...spans: unknown[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

async function send(
  body: Uint8Array | string,
  headers: Record<string, string>,
  path = "/v1/traces",
): Promise<{ status: number; headers: Headers; type: string | null; body: Buffer }> {
  const response = await fetch(`${ingest.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: body as string,
  });
  return {
    status: response.status,
    headers: response.headers,
    type: response.headers.get("content-type"),
    body: Buffer.from(await response.arrayBuffer()),
  };
}
/** The answer to a request of one encoding, as an object. */
function readAnswer(signal: OtlpSignal, { type, body }: { type: string | null; body: Buffer }) {
  if (type === JSON_TYPE) return JSON.parse(body.toString());
  expect(type).toBe(PROTOBUF);
  const message = OTLP_MESSAGES[signal].response.decode(body);
  return JSON.parse(JSON.stringify(message));
}
/** `google.rpc.Status` of a protobuf answer: a code of one byte, then the message. */
function readStatus({ type, body }: { type: string | null; body: Buffer }) {
  if (type === JSON_TYPE) return JSON.parse(body.toString());
  expect([type, body[0], body[2]]).toEqual([PROTOBUF, 0x08, 0x12]);
  const isLong = (body[3] ?? 0) > 0x7f;
  return { code: body[1], message: body.subarray(isLong ? 5 : 4).toString() };
}

test("real clients' requests are answered 200, in their own encoding and without a partial success", async () => {
  const files = listCases().flatMap((one) => one.files.filter(({ signal }) => signal !== "other"));
  for (const { signal, path, headers, body } of files) {
    const answer = await send(body, headers, path);
    expect(answer).toMatchObject({ status: 200, type: headers["content-type"] });
    expect(readAnswer(signal as OtlpSignal, answer)).toEqual({});
  }
});

test.each([
  [PROTOBUF, "protobuf"],
  [JSON_TYPE, "json"],
] as const)(
  "a bad span is a partial success, told in %s, and the others are taken",
  async (type, encoding) => {
    const body = encodeRequest("traces", requestOf(SPAN, { ...SPAN, traceId: "00" }), encoding);
    const answer = await send(gzipSync(body), { "content-type": type, "content-encoding": "gzip" });
    expect(answer.status).toBe(200);
    expect(readAnswer("traces", answer)).toEqual({
      partialSuccess: {
        rejectedSpans: "1",
        errorMessage:
          "1 of 2 rejected: trace_id must be 16 bytes, not all of them zero (1). Integrity lists them.",
      },
    });
  },
);

test.each([PROTOBUF, JSON_TYPE])("an empty request is taken (%s)", async (type) => {
  for (const path of ["/v1/traces", "/v1/logs", "/v1/metrics"]) {
    const answer = await send(type === JSON_TYPE ? "{}" : "", { "content-type": type }, path);
    expect(answer).toMatchObject({ status: 200, type });
  }
});

test("a key is taken as OTLP's headers and other products' clients send it", async () => {
  const basic = Buffer.from(`pk-lf-1:${key}`).toString("base64");
  const ways = [
    { "x-api-key": key, authorization: "" },
    { authorization: `Bearer%20${key}` },
    { authorization: `Basic ${basic}` },
  ];
  for (const headers of ways) {
    for (const path of ["/api/public/otel/v1/traces", "/otel/v1/traces"]) {
      expect(await send("{}", { "content-type": JSON_TYPE, ...headers }, path)).toMatchObject({
        status: 200,
      });
    }
  }
});

const bomb = gzipSync(Buffer.alloc(30 * 1024 * 1024));
const many = encodeRequest("traces", requestOf(...Array.from({ length: 10_001 }, () => SPAN)));
const GZIP = { "content-encoding": "gzip" };
test.each<[string, number, number, Uint8Array | string, Record<string, string>]>([
  ["bytes that are no request", 400, 3, Buffer.from("no request"), {}],
  ["JSON that is none", 400, 3, "{", { "content-type": JSON_TYPE }],
  ["broken gzip", 400, 3, "no gzip", GZIP],
  ["another packing", 415, 3, "", { "content-encoding": "zstd" }],
  ["an unknown key", 401, 16, "", { authorization: "Bearer unknown" }],
  ["more than 20 MiB unpacked", 413, 8, bomb, { ...GZIP, "content-type": JSON_TYPE }],
  ["more than 10,000 spans", 413, 8, many, {}],
])("%s: %i, as a Status in the encoding of the request", async (_, status, code, body, headers) => {
  const answer = await send(body, { "content-type": PROTOBUF, ...headers });
  expect(answer.status).toBe(status);
  expect(readStatus(answer)).toEqual({ code, message: expect.stringMatching(/^[A-Z].*\.$/) });
});

test("gRPC is told what to set instead, and a key without the scope is refused", async () => {
  const answer = await send("", { "content-type": "application/grpc+proto" });
  expect(answer).toMatchObject({ status: 415, type: "application/problem+json; charset=utf-8" });
  expect(answer.body.toString()).toContain("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");
  const reader = await ingest.makeKey({ scopes: ["read"] });
  const refused = await send("{}", {
    "content-type": JSON_TYPE,
    authorization: `Bearer ${reader}`,
  });
  expect(refused.status).toBe(403);
});

test("what was refused is shown under Integrity without what it says, and offers no retry", async () => {
  const slug = "other";
  const authorization = `Bearer ${await ingest.makeKey({ project: slug })}`;
  const attributes = Object.entries({
    "gen_ai.request.model": "gpt-5",
    "gen_ai.prompt.0.content": "a secret question",
    "user.id": "ada",
    "gen_ai.usage.input_tokens": 7,
  }).map(([name, value]) => {
    return {
      key: name,
      value: typeof value === "number" ? { intValue: value } : { stringValue: value },
    };
  });
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] };
  const spans = [{ ...SPAN, startTimeUnixNano: "5", attributes }];
  const body = encodeRequest("traces", { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  await send(body, { "content-type": PROTOBUF, authorization });
  await send("no request", { "content-type": PROTOBUF, authorization });
  await ingest.rejections.moved();
  const { db } = ingest.postgres;
  const context = { db, projects: [{ id: ingest.projectIds.other, slug }], cursorSecret: "s" };
  const { rejections, faults } = await listRejections(context, rejectionsQuerySchema.parse({}));
  expect(faults.map(({ message, events }) => [message, events])).toEqual(
    expect.arrayContaining([
      ["start_time_unix_nano must not be before 2020-01-01T00:00:00Z", 1],
      ["The body cannot be decoded as an OTLP request of traces in protobuf.", 1],
    ]),
  );
  const span = rejections.find(({ event_id }) => event_id !== null);
  expect(span).toMatchObject({
    event_id: `otlp:${SPAN.traceId}:${SPAN.spanId}`,
    kind: "rejected",
    truncated: true,
    content_dropped: true,
  });
  expect(JSON.parse(span?.body ?? "")).toEqual({
    signal: "span",
    trace_id: SPAN.traceId,
    span_id: SPAN.spanId,
    name: SPAN.name,
    start_time_unix_nano: "5",
    attributes: {
      "gen_ai.request.model": "gpt-5",
      "gen_ai.prompt.0.content": "(not kept)",
      "user.id": "(not kept)",
      "gen_ai.usage.input_tokens": 7,
    },
    resource: { "service.name": "shop" },
    scope: { name: "", version: "" },
  });
  const whole = rejections.find(({ event_id }) => event_id === null);
  expect(JSON.parse(whole?.body ?? "")).toMatchObject({ request: "POST /v1/traces" });
});
