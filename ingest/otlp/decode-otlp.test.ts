import { expect, test } from "vitest";
import { countDataPoints, decodeRecords, type OtlpEncoding } from "@/ingest/otlp/decode-otlp";
import type { OtlpLog, OtlpSpan } from "@/ingest/otlp/otlp-records";
import { type CorpusFile, listCases } from "@/ingest/otlp/testing/corpus";
import { encodeRequest, protobufToJson } from "@/ingest/otlp/testing/re-encode";
import { toLog } from "@/ingest/otlp/to-log";
import { toSpan } from "@/ingest/otlp/to-span";
import type { FieldError } from "@/lib/errors";

const NOW_MS = Date.parse("2027-01-01T00:00:00Z");
const T = { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174" };
const START = "1763800000123456789";
const SPAN = {
  ...T,
  name: "chat",
  startTimeUnixNano: START,
  endTimeUnixNano: "1763800001000000001",
};

const signalOf = ({ signal }: CorpusFile) => (signal === "logs" ? "logs" : "traces");
const encodingOf = ({ isJson }: CorpusFile): OtlpEncoding => (isJson ? "json" : "protobuf");

function read(signal: "traces" | "logs", body: Buffer, encoding: OtlpEncoding) {
  return decodeRecords(signal, body, encoding).map((record) =>
    signal === "logs" ? toLog(record, NOW_MS) : toSpan(record, NOW_MS),
  );
}
const requestOf = (...spans: unknown[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
/** What is read of one span in both encodings, which must agree. */
function readSpan(span: object): OtlpSpan | FieldError[] {
  const [json, protobuf] = (["json", "protobuf"] as const).map((encoding) => {
    const [one] = read("traces", encodeRequest("traces", requestOf(span), encoding), encoding);
    if (!one || "log" in one) throw new Error("no span");
    return "span" in one ? one.span : one.errors;
  });
  expect(json).toEqual(protobuf);
  return json ?? [];
}
const attributesOf = (values: unknown[]) => {
  const attributes = values.map((value, i) => ({ key: `k${i}`, value }));
  const span = readSpan({ ...SPAN, attributes });
  if (Array.isArray(span)) throw new Error(JSON.stringify(span));
  return [...span.attributes.values()];
};

test("every request that real clients sent is read whole, and the same in the other encoding", () => {
  let [spans, logs, points] = [0, 0, 0];
  for (const { client, case: name, files, expected } of listCases()) {
    const seen: (OtlpSpan | OtlpLog)[] = [];
    for (const file of files.filter(({ signal }) => signal !== "other")) {
      if (file.signal === "metrics") {
        points += countDataPoints(file.unpacked, encodingOf(file));
        continue;
      }
      const signal = signalOf(file);
      const own = read(signal, file.unpacked, encodingOf(file));
      const other = file.isJson
        ? encodeRequest(signal, JSON.parse(file.unpacked.toString()))
        : Buffer.from(protobufToJson(signal, file.unpacked));
      expect(read(signal, other, file.isJson ? "protobuf" : "json"), `${client}/${name}`).toEqual(
        own,
      );
      for (const one of own) {
        if ("errors" in one) throw new Error(`${client}/${name}: ${JSON.stringify(one.errors)}`);
        seen.push("span" in one ? one.span : one.log);
      }
    }
    const own = seen.filter((one) => "startNs" in one);
    spans += own.length;
    logs += seen.length - own.length;
    for (const id of expected.trace_ids) expect(seen.map((one) => one.traceId)).toContain(id);
    for (const { span } of expected.calls) {
      const found = own.find((one) => one.spanId === span?.span_id);
      if (span) expect(found).toMatchObject({ traceId: span.trace_id, name: span.name });
    }
  }
  expect({ spans, logs, points }).toMatchInlineSnapshot(`
    {
      "logs": 114,
      "points": 257,
      "spans": 501,
    }
  `);
});

test("an instant keeps its last nanosecond, and an end that cannot be is none", () => {
  const exact = { startNs: 1763800000123456789n, endNs: 1763800001000000001n };
  expect(readSpan(SPAN)).toMatchObject(exact);
  const absurd = ["1763800000123456788", "18446744073709551615", "0"];
  for (const endTimeUnixNano of absurd) {
    expect(readSpan({ ...SPAN, endTimeUnixNano })).toMatchObject({ ...exact, endNs: 0n });
  }
});

test("a value of any kind is the same in protobuf and JSON", () => {
  const list = { arrayValue: { values: [{ intValue: "7" }, { stringValue: "x" }, {}] } };
  expect(
    attributesOf([
      { stringValue: "" },
      { intValue: "-9223372036854775808" },
      { intValue: 9007199254740991 },
      { intValue: "9007199254740993" },
      { doubleValue: 1e308 },
      { boolValue: false },
      { bytesValue: "AAEC" },
      list,
      { kvlistValue: { values: [{ key: "__proto__", value: { stringValue: "own" } }] } },
      {},
    ]),
  ).toEqual([
    "",
    "-9223372036854775808",
    9007199254740991,
    "9007199254740993",
    1e308,
    false,
    "AAEC",
    [7, "x", null],
    { ["__proto__"]: "own" },
    null,
  ]);
});

test("ids are hex, bytes or padded base64; what is no id refuses a span and leaves a log outside of any trace", () => {
  const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64");
  const sent = { ...SPAN, traceId: base64(T.traceId), spanId: T.spanId.toUpperCase() };
  expect(read("traces", encodeRequest("traces", requestOf(sent), "json"), "json")).toMatchObject([
    { span: T },
  ]);
  const wrong = ["0".repeat(32), T.traceId.slice(2), `${T.traceId}00`];
  for (const traceId of wrong) {
    expect(readSpan({ ...SPAN, traceId })).toEqual([
      { path: "trace_id", message: "must be 16 bytes, not all of them zero" },
    ]);
    const log = { timeUnixNano: START, traceId, spanId: T.spanId };
    const logs = encodeRequest("logs", { resourceLogs: [{ scopeLogs: [{ logRecords: [log] }] }] });
    expect(read("logs", logs, "protobuf")).toMatchObject([{ log: { traceId: "" } }]);
  }
  expect(readSpan({ ...SPAN, parentSpanId: "0".repeat(16) })).toMatchObject({ parentSpanId: "" });
  expect(readSpan({})).toEqual(
    ["trace_id", "span_id", "start_time_unix_nano"].map((path) => {
      return { path, message: "is required" };
    }),
  );
});

test.each(["1", "1577836799999999999", "1798848000000000001", "18446744073709551615"])(
  "a span that began at %s is refused by its start alone",
  (startTimeUnixNano) => {
    const errors = readSpan({ ...SPAN, startTimeUnixNano });
    expect(errors).toMatchObject([{ path: "start_time_unix_nano" }]);
  },
);

test("JSON of old and of careless senders is read too", () => {
  const span = {
    trace_id: T.traceId,
    span_id: T.spanId,
    start_time_unix_nano: START,
    kind: "SPAN_KIND_CLIENT",
    status: { code: "STATUS_CODE_ERROR", message: "half \ud800 pair" },
    attributes: [{ key: "n", value: { int_value: 5 } }, { key: "" }, null, { key: "n2", value: 5 }],
  };
  const library = { name: "old", version: "0.1" };
  const old = [{ instrumentationLibrary: library, spans: [SPAN, "no span", null] }];
  const request = {
    resource_spans: [{ scope_spans: [{ spans: [span] }], instrumentationLibrarySpans: old }],
  };
  const body = Buffer.from(`\ufeff${JSON.stringify(request)}`);
  const refused = { errors: [{ path: "", message: "must be an object" }] };
  expect(read("traces", body, "json")).toMatchObject([
    {
      span: {
        ...T,
        spanKind: 3,
        statusCode: 2,
        statusMessage: "half \ufffd pair",
        attributes: new Map([
          ["n", 5],
          ["n2", null],
        ]),
      },
    },
    { span: { origin: { scopeName: "old", scopeVersion: "0.1" } } },
    refused,
    refused,
  ]);
});
