import http from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveQuickly } from "@/ingest/quick/serve-quickly";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { openRawClient, type RawAnswer } from "@/ingest/testing/raw-client";

let ingest: TestIngest;
let key: string;
let serial = 0;
beforeAll(async () => {
  ingest = await openTestIngest();
  key = await ingest.makeKey();
});
afterAll(() => ingest.close());

const event = (fields: object = {}) => ({
  id: `quick-${serial++}`,
  timestamp: "2025-11-03T09:15:00Z",
  model: "gpt-5-2025-08-07",
  usage: { input_tokens: 10, output_tokens: 1 },
  ...fields,
});

function request(body: string | Buffer, headers: Record<string, string> = {}, first?: string) {
  const all = {
    host: "a",
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${first ?? "POST /v1/events HTTP/1.1"}\r\n${lines.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

const jsonOf = (fields: object = {}): string => JSON.stringify(event(fields));

/** Answers of one connection, the parts sent as they are given. */
async function exchange(parts: (string | Buffer)[], answers: number): Promise<RawAnswer[]> {
  const client = openRawClient(ingest.url);
  await client.send(...parts);
  const got: RawAnswer[] = [];
  for (let i = 0; i < answers; i++) got.push(await client.answer());
  client.socket.destroy();
  return got;
}

/** `node:http` writes its own headers with capitals; ours has none. */
const isQuick = async (bytes: Buffer): Promise<boolean> => {
  const client = openRawClient(ingest.url);
  const text = new Promise<string>((resolve) => client.socket.once("data", (d) => resolve(`${d}`)));
  await client.send(bytes);
  const isOurs = (await text).includes("\r\ndate: ");
  client.socket.destroy();
  return isOurs;
};

test("a key's first request is answered quickly too, and leaves its connection so", async () => {
  const own = { authorization: `Bearer ${await ingest.makeKey()}` };
  for (const _ of [1, 2]) expect(await isQuick(request(jsonOf(), own))).toBe(true);
});

test("an ordinary event is answered quickly, and exactly as node:http answers it", async () => {
  expect(await isQuick(request(jsonOf()))).toBe(true);
  const whole = request(jsonOf());
  const [quick] = await exchange([request(jsonOf())], 1);
  const [slow] = await exchange([whole.subarray(0, 40), whole.subarray(40)], 1);
  const shapeOf = (answer: RawAnswer | undefined) => {
    const headers = [...(answer?.headers ?? [])].sort();
    const changing = /^(x-request-id|date)$/;
    return { ...answer, headers: headers.map(([name, v]) => [name, changing.test(name) || v]) };
  };
  expect(shapeOf(quick)).toEqual(shapeOf(slow));
  expect(quick?.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
});

test("both ways make the same row", async () => {
  const [one, other] = [event({ feature: "ünïcode", user: "u" }), event()];
  const same = { ...one, id: other.id };
  const split = request(JSON.stringify(same));
  await exchange([request(JSON.stringify(one))], 1);
  await exchange([split.subarray(0, 40), split.subarray(40)], 1);
  const rows = await ingest.rows(`id in ('${one.id}', '${other.id}')`);
  const facts = rows.map(({ id, version, ingested_at, revised_at, ...rest }) => rest);
  expect(facts).toHaveLength(2);
  expect(facts[0]).toEqual(facts[1]);
});

test("a repeated event is accepted and counted once, a conflicting one is told as ever", async () => {
  const first = event();
  const [accepted, repeated, conflict, next] = await exchange(
    [first, first, { ...first, feature: "other" }, event()].map((sent) =>
      request(JSON.stringify(sent)),
    ),
    4,
  );
  expect([accepted?.status, repeated?.status, conflict?.status, next?.status]).toEqual([
    202, 202, 422, 202,
  ]);
  expect(JSON.parse(conflict?.body ?? "")).toMatchObject({ conflicts: [{ id: first.id }] });
  expect(await ingest.rows(`id = '${first.id}'`)).toHaveLength(1);
});

test("requests sent before the answers to those in front are answered in order", async () => {
  const three = [jsonOf(), jsonOf({ featur: "x" }), jsonOf()].map((body) => request(body));
  for (const parts of [[Buffer.concat(three)], three]) {
    const client = openRawClient(ingest.url);
    for (const part of parts) client.socket.write(part);
    const statuses = [await client.answer(), await client.answer(), await client.answer()];
    expect(statuses.map(({ status }) => status)).toEqual([202, 422, 202]);
    client.socket.destroy();
    three[0] = request(jsonOf());
    three[2] = request(jsonOf());
  }
});

const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

test.each<[string, () => string | Buffer, number]>([
  ["an unknown key", () => request(jsonOf(), { authorization: "Bearer nobody" }), 401],
  ["no key", () => request(jsonOf(), { authorization: "" }), 401],
  ["another path", () => request(jsonOf(), {}, "POST /v1/event HTTP/1.1"), 404],
  ["another method", () => request("", {}, "GET /v1/events HTTP/1.1"), 405],
  ["a query", () => request(jsonOf(), {}, "POST /v1/events?x=1 HTTP/1.1"), 400],
  ["no host", () => String(request(jsonOf())).replace("host: a\r\n", ""), 400],
  ["two lengths", () => request(jsonOf(), { "Content-Length": "3" }), 400],
  ["a header twice", () => request(jsonOf(), { Authorization: "Bearer nobody" }), 202],
  ["no HTTP", () => "NONSENSE\r\n\r\n", 400],
  ["a form", () => request(jsonOf(), { "content-type": "text/plain" }), 415],
  ["gzip", () => request(gzipSync(jsonOf()), { "content-encoding": "gzip" }), 202],
  ["broken gzip", () => request(jsonOf(), { "content-encoding": "gzip" }), 400],
  ["HTTP/1.0", () => request(jsonOf(), {}, "POST /v1/events HTTP/1.0"), 202],
  ["a closing connection", () => request(jsonOf(), { connection: "close" }), 202],
  ["a batch", () => request(`[${jsonOf()},${jsonOf()}]`), 202],
  ["events in an object", () => request(`{"events":[${jsonOf()}]}`), 202],
  ["malformed JSON", () => request(jsonOf().slice(1)), 400],
  ["invalid UTF-8", () => request(Buffer.from([0x22, 0xff, 0x22])), 400],
  ["a byte order mark", () => request(`\ufeff${jsonOf()}`), 202],
  ["null", () => request("null"), 422],
  ["a fault", () => request(jsonOf({ usage: { input_tokens: -1 } })), 422],
  ["an obsolete fold", () => request(jsonOf(), { x: "a\r\n b" }), 400],
])("%s is left to node:http", async (_, bytes, status) => {
  const [answer] = await exchange([bytes()], 1);
  expect(answer?.status).toBe(status);
});

test("a body in chunks, behind a length, is left to node:http and is not read twice", async () => {
  const body = jsonOf();
  const bytes = String(request(body)).replace(/content-length: \d+/, "transfer-encoding: chunked");
  const head = bytes.slice(0, bytes.indexOf("\r\n\r\n") + 4);
  const [chunks] = await exchange([head + chunked(body)], 1);
  expect(chunks?.status).toBe(202);
  const both = head.replace("host: a", "host: a\r\ncontent-length: 5");
  const [refused] = await exchange([both + chunked(jsonOf())], 1);
  expect(refused?.status).toBe(400);
});

test("a connection that one key used is not open to another", async () => {
  const client = openRawClient(ingest.url);
  await client.send(request(jsonOf()));
  expect((await client.answer()).status).toBe(202);
  await client.send(request(jsonOf(), { authorization: "Bearer other" }));
  expect((await client.answer()).status).toBe(401);
  client.socket.destroy();
});

test("who says that it sent all still gets the answer to an accepted event, and no open end otherwise", async () => {
  const known = event();
  const client = openRawClient(ingest.url);
  client.socket.end(request(JSON.stringify(known)));
  expect((await client.answer()).status).toBe(202);
  await client.ended;
  const other = openRawClient(ingest.url);
  other.socket.end(request(JSON.stringify({ ...known, feature: "x" })));
  await other.ended;
});

test("a key without the scope is refused", async () => {
  const reader = await ingest.makeKey({ scopes: ["read"] });
  for (const _ of [1, 2]) expect((await ingest.post(event(), { key: reader })).status).toBe(403);
});

/** A server whose quick requests are accepted when the test says so. */
async function serveSlowly(idleMs: number) {
  const answers: ((isAccepted: boolean) => void)[] = [];
  const server = http.createServer((_, response) => response.end("node"));
  const quick = serveQuickly(server, () => new Promise((resolve) => answers.push(resolve)), idleMs);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const closed = (): Promise<unknown> => new Promise((resolve) => server.close(resolve));
  return { url, quick, answers, closed };
}

test("a stop ends silent connections and answers those under way", async () => {
  const { url, quick, answers, closed } = await serveSlowly(60_000);
  const [silent, busy] = [openRawClient(url), openRawClient(url)];
  await busy.send("x");
  await expect.poll(() => answers.length).toBe(1);
  const isClosed = closed();
  quick.stop();
  await silent.ended;
  answers[0]?.(true);
  const { status, headers } = await busy.answer();
  expect([status, headers.get("connection")]).toEqual([202, "close"]);
  silent.socket.end();
  busy.socket.end();
  await isClosed;
});

test("a connection that stays silent is ended, one that waits for its answer is not", async () => {
  const { url, quick, answers, closed } = await serveSlowly(50);
  const [silent, busy] = [openRawClient(url), openRawClient(url)];
  await busy.send("x");
  await silent.ended;
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.(true);
  expect((await busy.answer()).status).toBe(202);
  quick.destroy();
  await closed();
});
