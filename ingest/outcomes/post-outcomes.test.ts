import { gzipSync } from "node:zlib";
import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outcomes } from "@/db/schema/outcomes";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { formatUsd, parseUsd } from "@/lib/money";
import { propertyRuns } from "@/lib/testing/property-runs";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const post = (body: unknown, given: Parameters<TestIngest["post"]>[1] = {}) =>
  ingest.post(body, { path: "/v1/outcomes", ...given });

const one = (id: string, more: object = {}) => ({
  ...{ id, task: "t-1", status: "success", timestamp: "2026-11-20T10:00:00.123456Z" },
  ...more,
});

const stored = (project: "default" | "other" = "default") =>
  ingest.postgres.db
    .select({
      id: outcomes.id,
      session: outcomes.session,
      status: outcomes.status,
      valueUsd: sql<string | null>`${outcomes.valueUsd}::text`,
      timestamp: sql<string>`to_char(${outcomes.timestamp} at time zone 'UTC', 'HH24:MI:SS.US')`,
    })
    .from(outcomes)
    .where(eq(outcomes.projectId, ingest.projectIds[project]))
    .orderBy(outcomes.id);
const named = async (prefix: string, project: "default" | "other" = "default") =>
  (await stored(project)).filter(({ id }) => id.startsWith(prefix));

test("an outcome that is sent again, in any request, changes nothing; other content under its id is a conflict", async () => {
  const first = one("same-1", { session: "s", task_type: "k", feature: "f", value_usd: "1.50" });
  const fresh = await post({ outcomes: [first] });
  expect(fresh).toMatchObject({ status: 202, body: { accepted: 1, rejected: [], conflicts: [] } });
  const before = await named("same-");
  // The same instant and amount, spelt otherwise, are the same.
  const again = { ...first, value_usd: "1.5", timestamp: "2026-11-20T11:00:00.123456+01:00" };
  const answer = await post([first, again, { ...first, session: "other" }, one("same-2"), first]);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({
    accepted: 4,
    rejected: [],
    conflicts: [{ index: 2, id: "same-1", errors: [{ path: "id" }] }],
  });
  const changes = [
    ...[{ task: "t-2" }, { task_type: null }, { session: null }, { feature: "g" }],
    ...[{ status: "failure" }, { value_usd: "1.500000000000001" }, { value_usd: null }],
    { timestamp: "2026-11-20T10:00:00.123457Z" },
  ];
  const others = await post(changes.map((change) => ({ ...first, ...change })));
  expect(others.status).toBe(422);
  expect(others.body.conflicts.map(({ index }) => index)).toEqual(changes.map((_, i) => i));
  // Of two in one request the first stays.
  const twins = await post([one("same-3", { status: "failure" }), one("same-3"), one("same-2")]);
  expect(twins.body).toMatchObject({ accepted: 2, conflicts: [{ index: 1, id: "same-3" }] });
  expect(await named("same-")).toEqual([
    ...before,
    expect.objectContaining({ id: "same-2", valueUsd: null }),
    expect.objectContaining({ id: "same-3", status: "failure" }),
  ]);
});

test("a value is kept to the last of its fifteen digits, an instant to the microsecond", async () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 31n - 1n }).map(formatUsd);
  await fc.assert(
    fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 40 }), async (amounts) => {
      await ingest.postgres.db.delete(outcomes).where(sql`${outcomes.id} like 'exact-%'`);
      const sent = amounts.map((value_usd, n) => one(`exact-${n}`, { value_usd }));
      expect((await post({ outcomes: sent })).body.accepted).toBe(amounts.length);
      const rows = new Map((await named("exact-")).map((row) => [row.id, row]));
      amounts.forEach((value, n) => {
        const row = rows.get(`exact-${n}`);
        expect(formatUsd(parseUsd(row?.valueUsd ?? "") ?? -1n)).toBe(value);
        expect(row?.timestamp).toBe("10:00:00.123456");
      });
    }),
    { numRuns: propertyRuns(10) },
  );
});

test("one id in two projects is two outcomes", async () => {
  const key = await ingest.makeKey({ project: "other" });
  await post(one("two", { status: "success" }));
  const other = await post(one("two", { status: "failure" }), { key });
  expect(other.body).toMatchObject({ accepted: 1, conflicts: [] });
  expect(await named("two")).toMatchObject([{ status: "success" }]);
  expect(await named("two", "other")).toMatchObject([{ status: "failure" }]);
});

test("what cannot be read is told by its place and path, keeps nothing else back, and is stored nowhere", async () => {
  const bad: [object | null | number, string][] = [
    [one("bad", { stauts: "success" }), "stauts"],
    [one("bad", { status: "ok" }), "status"],
    [one("", {}), "id"],
    [one("bad", { task: "" }), "task"],
    [one("bad", { task: undefined }), "task"],
    [one("bad", { timestamp: undefined }), "timestamp"],
    [one("bad", { timestamp: "2026-11-20T10:00:00" }), "timestamp"],
    [one("bad", { timestamp: "2019-12-31T23:59:59Z" }), "timestamp"],
    [one("bad", { timestamp: new Date(Date.now() + 90_000_000).toISOString() }), "timestamp"],
    [one("bad", { value_usd: 1.5 }), "value_usd"],
    [one("bad", { value_usd: "-1" }), "value_usd"],
    [one("bad", { value_usd: "1e3" }), "value_usd"],
    [one("bad", { value_usd: "0.0000000000000001" }), "value_usd"],
    [one("bad", { value_usd: "99999999999999999" }), "value_usd"],
    [one("bad", { session: "a\0b" }), "session"],
    [one("bad", { session: "\ud800" }), "session"],
    [one("b".repeat(129)), "id"],
    [one("bad", { feature: "x".repeat(257) }), "feature"],
    ...([null, 7, [], "text"] as (null | number)[]).map((value) => [value, ""] as [null, string]),
  ];
  const values = bad.map(([value]) => value);
  const answer = await post({ outcomes: [...values, one("good-1")] });
  expect(answer.status).toBe(202);
  expect(answer.body.accepted).toBe(1);
  const told = answer.body.rejected.map(({ index, errors }) => [index, errors[0]?.path]);
  expect(told).toEqual(bad.map(([, path], index) => [index, path]));
  expect(answer.body.rejected[0]?.errors[0]?.message).toContain("did you mean status?");
  const none = await post({ outcomes: values });
  expect(none.status).toBe(422);
  expect(none.body.errors[0]?.path).toBe("outcomes.0.stauts");
  expect(await named("b")).toEqual([]);
});

test("a body is taken as that of events is, and refused as a whole where it cannot be read", async () => {
  const zipped = gzipSync(JSON.stringify([one("body-1")]));
  expect((await post(zipped, { headers: { "content-encoding": "gzip" } })).status).toBe(202);
  const lines = `${JSON.stringify(one("body-2"))}\nnothing\n`;
  const ndjson = await post(lines, { headers: { "content-type": "application/x-ndjson" } });
  expect(ndjson).toMatchObject({ status: 202, body: { accepted: 1, rejected: [{ index: 1 }] } });
  expect((await post("{")).status).toBe(400);
  expect((await post({ outcomes: [], events: [] })).status).toBe(400);
  expect((await post({ outcomes: {} })).status).toBe(400);
  expect((await post({ outcomes: [] })).status).toBe(422);
  const many = Array.from({ length: 10_001 }, () => 0);
  expect((await post(many)).status).toBe(413);
  expect((await post(one("body-3"), { key: null })).status).toBe(401);
  const key = await ingest.makeKey({ scopes: ["guard"] });
  expect((await post(one("body-3"), { key })).status).toBe(403);
  expect((await named("body-")).map(({ id }) => id)).toEqual(["body-1", "body-2"]);
});

test("ten thousand in one request are all stored, and while PostgreSQL does not answer a 503 says to send them again", async () => {
  const many = Array.from({ length: 10_000 }, (_, n) => one(`many-${n}`, { session: `s-${n}` }));
  expect((await post(many.slice(0, 1))).status).toBe(202);
  let free = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    free = resolve;
  });
  let isHeld = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  const hanging = ingest.postgres.db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${outcomes}`);
    isHeld();
    await held;
  });
  await begun;
  const away = await post([many[1]]);
  free();
  await hanging;
  expect(away.status).toBe(503);
  expect(away.headers.get("retry-after")).toBe("1");
  let answer = await post(many);
  // On a machine that is busy the store may need longer than a request waits.
  while (answer.status === 503) answer = await post(many);
  expect(answer.body).toMatchObject({ accepted: 10_000, rejected: [], conflicts: [] });
  expect(await named("many-")).toHaveLength(10_000);
});
