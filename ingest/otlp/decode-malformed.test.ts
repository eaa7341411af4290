import fc from "fast-check";
import { expect, test } from "vitest";
import { countDataPoints, decodeRecords, type OtlpEncoding } from "@/ingest/otlp/decode-otlp";
import { encodeRequest } from "@/ingest/otlp/testing/re-encode";
import { toLog } from "@/ingest/otlp/to-log";
import { toSpan } from "@/ingest/otlp/to-span";
import { isOutlayError } from "@/lib/errors";

const NOW_MS = Date.parse("2027-01-01T00:00:00Z");
const SPAN = {
  traceId: "5b8efff798038103d269b633813fc60c",
  spanId: "eee19b7ec3c1b174",
  startTimeUnixNano: "1763800000123456789",
};
const SPAN_IDS = { traceId: SPAN.traceId, spanId: SPAN.spanId };
const requestOf = (...spans: unknown[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

function readSpans(body: Buffer, encoding: OtlpEncoding) {
  return decodeRecords("traces", body, encoding).map((record) => toSpan(record, NOW_MS));
}

/** A span whose attribute is a list within a list and so on, without a value. */
function nestLists(depth: number): Buffer {
  const tags = [...Array.from({ length: depth * 2 }, (_, i) => (i % 2 ? 0x2a : 0x0a))];
  const heads: Buffer[] = [];
  let size = 0;
  for (const tag of [...tags, 0x12, 0x4a, 0x12, 0x12, 0x0a]) {
    const head = [tag];
    for (let left = size; ; left >>>= 7) {
      head.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
      if (left <= 0x7f) break;
    }
    heads.push(Buffer.from(head));
    size += head.length;
  }
  return Buffer.concat(heads.reverse());
}

const unreadable: [string, OtlpEncoding, Buffer][] = [
  ["text as protobuf", "protobuf", Buffer.from("hello, this is no protobuf")],
  ["JSON as protobuf", "protobuf", Buffer.from(JSON.stringify(requestOf(SPAN)))],
  ["a cut message", "protobuf", encodeRequest("traces", requestOf(SPAN)).subarray(0, -3)],
  ["a hundred thousand lists within each other", "protobuf", nestLists(100_000)],
  ["cut JSON", "json", Buffer.from('{"resourceSpans":[')],
  ["a list", "json", Buffer.from("[]")],
  ["groups that are no list", "json", Buffer.from('{"resourceSpans":{"a":1}}')],
  ["a scope that is no object", "json", Buffer.from('{"resourceSpans":[{"scopeSpans":[7]}]}')],
  ["no UTF-8", "json", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
];
test.each(unreadable)("%s cannot be decoded, and that is said", (_name, encoding, body) => {
  const refused = expect.objectContaining({ code: "bad_request" });
  expect(() => decodeRecords("traces", body, encoding)).toThrow(refused);
});

test("whatever bytes are sent, they are read or they are refused as a body that cannot be decoded", () => {
  const bodies = ["traces", "logs", "metrics"] as const;
  const read = (signal: (typeof bodies)[number], body: Buffer, encoding: OtlpEncoding) => {
    try {
      if (signal === "metrics") return countDataPoints(body, encoding);
      for (const record of decodeRecords(signal, body, encoding)) {
        if (signal === "traces") toSpan(record, NOW_MS);
        else toLog(record, NOW_MS);
      }
    } catch (error) {
      if (!isOutlayError(error) || error.code !== "bad_request") throw error;
    }
  };
  const sound = encodeRequest("traces", requestOf({ ...SPAN, name: "a name", links: [SPAN] }));
  /** A sound body with some bytes of it changed: it goes wrong deeper than arbitrary ones. */
  const broken = fc
    .array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    .map((changes) => {
      const bytes = Buffer.from(sound);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes;
    });
  const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(fc.constantFrom(...bodies), fc.oneof(bytes, broken), (signal, body) => {
      read(signal, body, "protobuf");
    }),
    { numRuns: 250 },
  );
  const value = fc.jsonValue({ maxDepth: 3 });
  const names = ["scopeSpans", "scopeLogs", "scopeMetrics", "resource", "scope", "attributes"];
  const record = fc.dictionary(
    fc.constantFrom("traceId", "kind", "startTimeUnixNano", ...names),
    value,
  );
  const request = fc.record({
    scopeSpans: fc.array(fc.record({ scope: value, spans: fc.array(record) })),
  });
  fc.assert(
    fc.property(fc.constantFrom(...bodies), fc.oneof(value, fc.array(request)), (signal, sent) => {
      const body = JSON.stringify({
        resourceSpans: sent,
        resourceLogs: sent,
        resourceMetrics: sent,
      });
      read(signal, Buffer.from(body), "json");
    }),
    { numRuns: 60 },
  );
});

test("what is nested deeper than anybody nests is cut off, and reading it costs its size only", () => {
  const deep = nestLists(1_000);
  expect(decodeRecords("traces", deep, "protobuf")).toHaveLength(1);
  const value = `${'{"arrayValue":{"values":['.repeat(200_000)}${"]}}".repeat(200_000)}`;
  const span = JSON.stringify({ ...SPAN, attributes: [{ key: "k", value: 0 }] });
  const body = Buffer.from(
    JSON.stringify(requestOf("SPAN")).replace(
      '"SPAN"',
      span.replace('"value":0', `"value":${value}`),
    ),
  );
  const [read] = readSpans(body, "json");
  let [depth, at] = [0, read && "span" in read ? read.span.attributes.get("k") : undefined];
  while (Array.isArray(at)) [depth, at] = [depth + 1, at[0]];
  expect(depth).toBe(32);
});

test.each(["json", "protobuf"] as const)(
  "a hundred thousand attributes refuse the one span that has them (%s)",
  (encoding) => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({
      key: `k${i}`,
      value: { intValue: i },
    }));
    const absurd = { ...SPAN, attributes: many };
    const read = readSpans(encodeRequest("traces", requestOf(absurd, SPAN), encoding), encoding);
    const message = "must have at most 10,000 entries, not 100000";
    expect(read).toMatchObject([{ errors: [{ path: "attributes", message }] }, { span: SPAN_IDS }]);
  },
);

test("a large resource is read once, however many scopes have it", () => {
  const attributes = Array.from({ length: 5_000 }, (_, i) => ({ key: `k${i}`, value: {} }));
  const scopeSpans = Array.from({ length: 9_000 }, () => ({ spans: [SPAN] }));
  const body = encodeRequest("traces", {
    resourceSpans: [{ resource: { attributes }, scopeSpans }],
  });
  const spans = readSpans(body, "protobuf");
  const resources = new Set(spans.map((one) => "span" in one && one.span.origin.resource));
  expect([spans.length, resources.size]).toEqual([9_000, 1]);
});

test("a megabyte of text and bytes that are no UTF-8 arrive as text", () => {
  const text = "é".repeat(500_000);
  const span = { ...SPAN, name: "name", attributes: [{ key: "k", value: { stringValue: text } }] };
  const body = encodeRequest("traces", requestOf(span));
  body[body.indexOf("name")] = 0xff;
  expect(readSpans(body, "protobuf")).toMatchObject([
    { span: { name: "\ufffdame", attributes: new Map([["k", text]]) } },
  ]);
});

test.each(["NaN", "Infinity", "-Infinity"])("a double that is %s is that word", (word) => {
  const spanOf = (doubleValue: unknown) => ({
    ...SPAN,
    attributes: [{ key: "k", value: { doubleValue } }],
  });
  const protobuf = readSpans(encodeRequest("traces", requestOf(spanOf(Number(word)))), "protobuf");
  const json = readSpans(encodeRequest("traces", requestOf(spanOf(word)), "json"), "json");
  expect(json).toEqual(protobuf);
  expect(json).toMatchObject([{ span: { attributes: new Map([["k", word]]) } }]);
});

test("more than ten thousand spans are too many for one request", () => {
  const body = encodeRequest("traces", requestOf(...Array.from({ length: 10_001 }, () => SPAN)));
  const refused = expect.objectContaining({ code: "payload_too_large" });
  expect(() => decodeRecords("traces", body, "protobuf")).toThrow(refused);
});
