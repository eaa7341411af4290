import { afterAll, beforeAll, expect, test } from "vitest";
import { GET } from "@/app/api/export/route";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { spools } from "@/db/schema/counters";
import { openTestStores } from "@/lib/testing/open-test-stores";
import { parseCsv } from "@/lib/testing/parse-csv";
import {
  makeKey,
  makeProject,
  makeSessionCookie,
  makeUser,
  TEST_PUBLIC_URL,
  type TestRuntime,
} from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestStores();
});
afterAll(() => runtime.close());

const RANGE = "from=2026-11-01T00:00:00Z&to=2026-11-11T00:00:00Z";

async function get(headers: Record<string, string>, query: string) {
  const request = new Request(`${TEST_PUBLIC_URL}/api/export?${query}`, { headers });
  return GET(request, { params: Promise.resolve({}) });
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** A project with one call of a dollar's worth. */
async function projectWithCall(cost_usd: string) {
  const project = await makeProject(runtime.postgres.db);
  const row = makeCallRow({
    atMs: Date.parse("2026-11-10T12:00:00Z"),
    project_id: project.id,
    cost_usd,
  });
  await runtime.clickhouse.insertLines("llm_calls", toLines([row]));
  return project;
}

test("a viewer takes their own projects with them as a file, and nobody else's", async () => {
  const { db } = runtime.postgres;
  const own = await projectWithCall("1.25");
  const foreign = await projectWithCall("500");
  const viewer = await makeUser(db, "viewer", own.id);
  const cookie = { cookie: await makeSessionCookie(runtime, viewer.id) };
  const response = await get(cookie, `format=csv&group_by=project&tz=Europe/Berlin&${RANGE}`);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="outlay-spend_${own.slug}_2026-11-01T0100_2026-11-11T0100_Europe-Berlin.csv"`,
    "cache-control": "no-store",
  });
  const { rows } = parseCsv(await response.text());
  expect(rows).toMatchObject([{ project: own.slug, cost_usd: "1.25", tz: "Europe/Berlin" }]);
  const calls = parseCsv(await (await get(cookie, `format=csv&of=calls&${RANGE}`)).text());
  expect(calls.rows).toMatchObject([{ project: own.slug, cost_usd: "1.25" }]);
  expect((await get(cookie, `format=csv&project=${foreign.slug}`)).status).toBe(404);
});

test("a file is of a moment that every process's events are queryable up to, not this one's alone", async () => {
  const { db } = runtime.postgres;
  const project = await projectWithCall("1.25");
  const { key } = await makeKey(db, { scopes: ["read"], projectId: project.id });
  const countOf = async () => {
    const file = parseCsv(await (await get(bearer(key), `format=csv&of=calls&${RANGE}`)).text());
    return file.rows.length;
  };
  expect(await countOf()).toBe(1);
  // Another process has not written what it accepted since before that call: more of then may still come.
  const freshTo = new Date("2026-01-01T00:00:00Z");
  await db.insert(spools).values({ id: "another", freshTo, backlogEvents: 3, seenAt: new Date() });
  expect(await countOf()).toBe(0);
  // Gone: it is waited for no longer.
  await db.update(spools).set({ seenAt: new Date(Date.now() - 120_000) });
  expect(await countOf()).toBe(1);
  await db.delete(spools);
});

test("nobody gets a file without the right to read: no sign-in is 401, a key without the scope 403", async () => {
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["ingest", "guard"] });
  for (const of of ["spend", "calls", "sessions"]) {
    expect((await get({}, `format=csv&of=${of}`)).status).toBe(401);
    const refused = await get(bearer(key), `format=csv&of=${of}`);
    expect(refused.status).toBe(403);
    const permission = of === "spend" ? "spend.read" : "calls.read";
    expect((await refused.json()).detail).toContain(permission);
  }
});

test("each unknown or wrong parameter is 400 and named, before any line is sent", async () => {
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["read"] });
  const faultsOf = async (query: string) => {
    const response = await get(bearer(key), query);
    expect([query, response.status]).toEqual([query, 400]);
    const { errors } = (await response.json()) as { errors: { path: string }[] };
    return errors.map(({ path }) => path).sort();
  };
  expect(await faultsOf("")).toEqual(["format"]);
  expect(await faultsOf("format=focus")).toEqual(["format"]);
  expect(await faultsOf("format=csv&of=agents&bom=yes")).toEqual(["bom", "of"]);
  expect(await faultsOf("format=csv&of=sessions&sort=-cost")).toEqual(["sort"]);
  expect(await faultsOf("format=csv&limit=5&group_by=colour&filter.colour=red")).toEqual([
    "filter.colour",
    "group_by",
    "limit",
  ]);
  expect(await faultsOf("format=csv&of=calls&sort=cost_usd&cursor=x&group_by=feature")).toEqual([
    "cursor",
    "group_by",
    "sort",
  ]);
  expect(await faultsOf("format=csv&from=2026-11-10T00:00:00Z&to=2026-11-01T00:00:00Z")).toEqual([
    "from",
  ]);
  expect(await faultsOf(`format=csv&interval=15m&from=2026-01-01T00:00:00Z`)).toEqual(["interval"]);
});

test("a file begins with a byte order mark where a spreadsheet is to open it, and nowhere else", async () => {
  const project = await makeProject(runtime.postgres.db);
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["read"], projectId: project.id });
  const row = makeCallRow({
    atMs: Date.parse("2026-11-10T12:00:00Z"),
    project_id: project.id,
    session: "Grüße",
    cost_usd: "0.1",
  });
  await runtime.clickhouse.insertLines("llm_calls", toLines([row]));
  for (const of of ["spend", "calls", "sessions"]) {
    const bytes = async (bom: string) => {
      const response = await get(bearer(key), `format=csv&of=${of}&${RANGE}${bom}`);
      expect(response.status).toBe(200);
      return Buffer.from(await response.arrayBuffer());
    };
    const [plain, marked] = [await bytes(""), await bytes("&bom=true")];
    expect(marked.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    // A moment of its own in the last column apart, it is the same file.
    expect(parseCsv(marked.subarray(3).toString()).names).toEqual(parseCsv(plain.toString()).names);
    expect(parseCsv(plain.toString()).rows).toMatchObject([{ cost_usd: "0.1" }]);
  }
});
