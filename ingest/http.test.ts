import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const EVENT = {
  provider: "anthropic",
  model: "claude-sonnet-4-5-20250929",
  usage: { input_tokens: 1200, output_tokens: 350 },
};
const events = (count: number) => Array.from({ length: count }, () => EVENT);
const NDJSON = { headers: { "content-type": "application/x-ndjson" } };
const GZIP = { headers: { "content-encoding": "gzip" } };

test("an event is accepted, priced and queryable", async () => {
  const event = { ...EVENT, id: "first", timestamp: "2025-11-03T09:15:00Z", feature: "search" };
  const { status, body, headers } = await ingest.post(event);
  expect({ status, body }).toEqual({
    status: 202,
    body: { accepted: 1, rejected: [], conflicts: [] },
  });
  expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  const [row] = await ingest.rows("id = 'first'");
  expect(row).toMatchObject({ cost_usd: "0.00885", cost_status: "priced", feature: "search" });
});

test.each<[string, unknown, object, number]>([
  ["events in an object", { events: events(2) }, {}, 2],
  ["a bare list", events(3), {}, 3],
  ["one object", EVENT, {}, 1],
  [
    "NDJSON with blank lines and CRLF",
    `\n${JSON.stringify(EVENT)}\r\n\n${JSON.stringify(EVENT)}`,
    NDJSON,
    2,
  ],
  ["gzip", gzipSync(JSON.stringify(events(2))), GZIP, 2],
  [
    "two gzip members",
    Buffer.concat([gzipSync("["), gzipSync(`${JSON.stringify(EVENT)}]`)]),
    GZIP,
    1,
  ],
  ["a byte order mark", `\ufeff${JSON.stringify(EVENT)}`, {}, 1],
  [
    "a charset",
    JSON.stringify(EVENT),
    { headers: { "content-type": 'application/json; charset="UTF-8"' } },
    1,
  ],
])("takes %s", async (_, body, options, accepted) => {
  expect(await ingest.post(body, options)).toMatchObject({
    status: 202,
    body: { accepted, rejected: [], conflicts: [] },
  });
});

test("good events of a batch count, bad ones are told by index, id and path", async () => {
  const bad = {
    ...EVENT,
    id: "bad",
    timestamp: "2026-01-01T00:00:00Z",
    usage: { input_tokens: -1 },
  };
  const { status, body } = await ingest.post([EVENT, bad, 7, EVENT]);
  expect(status).toBe(202);
  expect(body).toEqual({
    accepted: 2,
    rejected: [
      {
        index: 1,
        id: "bad",
        errors: [{ path: "usage.input_tokens", message: "must be at least 0" }],
      },
      { index: 2, id: null, errors: [{ path: "", message: "must be an object, not a number" }] },
    ],
    conflicts: [],
  });
});

test("no accepted event is a 422 problem that carries what was rejected", async () => {
  const { status, body, headers } = await ingest.post([{ ...EVENT, featur: "x" }]);
  expect(status).toBe(422);
  expect(headers.get("content-type")).toContain("application/problem+json");
  expect(body).toMatchObject({
    title: "Unprocessable content",
    errors: [{ path: "events.0.featur" }],
    accepted: 0,
    rejected: [{ index: 0, id: null }],
    conflicts: [],
  });
  expect((await ingest.post({ events: [] })).status).toBe(422);
});

test("a malformed line of NDJSON is that line's fault alone", async () => {
  const lines = [JSON.stringify(EVENT), "{oops", JSON.stringify(EVENT)].join("\n");
  const { status, body } = await ingest.post(lines, NDJSON);
  expect(status).toBe(202);
  expect(body.accepted).toBe(2);
  expect(body.rejected).toMatchObject([{ index: 1, id: null }]);
});

test.each<[string, unknown, object, number]>([
  ["malformed JSON", '{"events":[', {}, 400],
  ["an empty body", "", {}, 400],
  ["events that are no list", { events: 5 }, {}, 400],
  ["a field beside events", { events: [], project: "x" }, {}, 400],
  ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0x22]), {}, 400],
  ["broken gzip", "not gzip", GZIP, 400],
  ["gzip cut short", gzipSync(JSON.stringify(EVENT)).subarray(0, 30), GZIP, 400],
  ["brotli", "x", { headers: { "content-encoding": "br" } }, 415],
  ["a form", "a=b", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
  ["UTF-16", "x", { headers: { "content-type": "application/json; charset=utf-16" } }, 415],
  ["a parameter it does not know", EVENT, { query: "?projekt=x" }, 400],
  ["every project at once", EVENT, { query: "?project=*" }, 400],
  ["another path", EVENT, { path: "/v1/event" }, 404],
  ["another method", null, { method: "GET" }, 405],
  ["10,001 events", events(10_001), {}, 413],
  ["10,001 lines", `${JSON.stringify(EVENT)}\n`.repeat(10_001), NDJSON, 413],
  ["21 MiB", `["${"x".repeat(21 * 1024 * 1024)}"]`, {}, 413],
  ["a gzip bomb of 2 GiB", bomb(), GZIP, 413],
  ["two million brackets", "[".repeat(2_000_000), {}, 400],
])("refuses %s", async (_, body, options, status) => {
  const answer = await ingest.post(body, options);
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(Object.keys(answer.body)).toEqual(
    expect.arrayContaining(["type", "title", "status", "detail", "errors", "request_id"]),
  );
  expect(JSON.stringify(answer.body)).not.toContain("node_modules");
});

/** Two gibibytes of blanks in two megabytes: members of one MiB, repeated. */
function bomb(): Buffer {
  const member = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
  return Buffer.concat(Array.from({ length: 32 }, () => member));
}

test("events nested a hundred thousand deep are rejected, the one beside them counts", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const body = `[${JSON.stringify(EVENT)},{"model":"m","content":{"messages":${deep}}}]`;
  expect(await ingest.post(body)).toMatchObject({
    status: 202,
    body: { accepted: 1, rejected: [{ index: 1, errors: [{ path: "content" }] }] },
  });
});

test("10,000 events in one request are taken", async () => {
  const answer = await ingest.post(events(10_000));
  expect(answer).toMatchObject({ status: 202, body: { accepted: 10_000 } });
});

test("a missing or unknown key is 401, one without the scope 403", async () => {
  const missing = await ingest.post(EVENT, { key: null });
  expect(missing.status).toBe(401);
  expect(missing.headers.get("www-authenticate")).toBe("Bearer");
  expect((await ingest.post(EVENT, { key: "unknown-key-of-nobody" })).status).toBe(401);
  const reader = await ingest.makeKey({ scopes: ["read", "guard"] });
  expect((await ingest.post(EVENT, { key: reader })).status).toBe(403);
});

test("x-api-key is a key like a bearer token", async () => {
  const key = await ingest.makeKey();
  const answer = await ingest.post(EVENT, { key: null, headers: { "x-api-key": key } });
  expect(answer.status).toBe(202);
});

test("only an installation key writes into a project it names", async () => {
  const own = await ingest.makeKey();
  expect((await ingest.post(EVENT, { key: own, query: "?project=default" })).status).toBe(202);
  expect((await ingest.post(EVENT, { key: own, query: "?project=other" })).status).toBe(403);
  expect((await ingest.post(EVENT, { key: own, query: "?project=nobody" })).status).toBe(403);
  const installation = await ingest.makeKey({ isInstallation: true });
  const named = { key: installation, query: "?project=other" };
  const event = { ...EVENT, id: "by-installation", timestamp: "2026-01-01T00:00:00Z" };
  expect((await ingest.post(event, named)).status).toBe(202);
  expect((await ingest.post(EVENT, { key: installation, query: "?project=nobody" })).status).toBe(
    404,
  );
  const [row] = await ingest.rows("id = 'by-installation'");
  expect(row?.project_id).toBe(ingest.projectIds.other);
});

test("the same id in two projects is two events", async () => {
  const event = { ...EVENT, id: "in-both", timestamp: "2026-01-01T00:00:00Z" };
  const other = await ingest.makeKey({ project: "other" });
  expect((await ingest.post(event)).body.accepted).toBe(1);
  expect((await ingest.post({ ...event, feature: "x" }, { key: other })).body.accepted).toBe(1);
  expect(await ingest.rows("id = 'in-both'")).toHaveLength(2);
});

test("health tells of the stores and the spool", async () => {
  const health = await ingest.post(null, { path: "/healthz", method: "GET", key: null });
  expect(health.status).toBe(200);
  await ingest.calls.drained();
  const ready = await ingest.post(null, { path: "/readyz", method: "GET", key: null });
  expect({ status: ready.status, body: ready.body }).toEqual({
    status: 200,
    body: {
      clickhouse: true,
      postgres: true,
      spool: { events: 0, bytes: 0, oldest_seconds: 0 },
      spans: { events: 0, bytes: 0, oldest_seconds: 0 },
      degraded: false,
    },
  });
});

test("health answers HEAD without a body, and a wrong method is told the right ones", async () => {
  for (const path of ["/healthz", "/readyz"]) {
    const head = await ingest.post(null, { path, method: "HEAD", key: null });
    expect({ status: head.status, body: head.body }).toEqual({ status: 200, body: null });
    const wrong = await ingest.post(null, { path, method: "DELETE", key: null });
    expect({ status: wrong.status, allow: wrong.headers.get("allow") }).toEqual({
      status: 405,
      allow: "GET, HEAD",
    });
  }
  const wrong = await ingest.post(null, { method: "PUT" });
  expect(wrong.headers.get("allow")).toBe("POST");
  expect(wrong.headers.get("x-request-id")).toBe(wrong.body.request_id);
});

test("two projects in one request are refused", async () => {
  const key = await ingest.makeKey({ isInstallation: true });
  const query = "?project=default&project=other";
  expect((await ingest.post(EVENT, { key, query })).status).toBe(400);
});
