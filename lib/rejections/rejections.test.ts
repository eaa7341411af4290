import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { POST } from "@/app/api/rejections/[id]/retry/route";
import { GET } from "@/app/api/rejections/route";
import {
  addToRejectionCounts,
  deleteOldSamples,
  insertRejections,
  type NewRejectionRow,
} from "@/db/queries/rejections";
import type { Actor } from "@/lib/auth/actor";
import { listRejections } from "@/lib/rejections/list-rejections";
import { rejectionsAnswerSchema, rejectionsQuerySchema } from "@/lib/rejections/rejection-schemas";
import { retryRejection } from "@/lib/rejections/retry-rejection";
import { auditOf } from "@/lib/testing/audit-of";
import {
  makeKey,
  makeProject,
  makeUser,
  openTestRuntime,
  TEST_PUBLIC_URL,
  type TestRuntime,
} from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
let spoolKey = 0;
const NOON_MS = Date.parse("2026-11-10T12:00:00Z");
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

async function insert(projectId: string, rows: Partial<NewRejectionRow>[]): Promise<string[]> {
  const made = rows.map((row) => ({
    projectId,
    kind: "rejected" as const,
    fingerprint: "f",
    errors: [{ path: "model", message: "is required" }],
    body: "{}",
    receivedAt: new Date(NOON_MS),
    spoolId: "a spool",
    spoolKey: ++spoolKey,
    ...row,
    id: randomUUID(),
  }));
  await insertRejections(runtime.postgres.db, made);
  return made.map((row) => row.id);
}
const as = (actor: Actor) => {
  const woken = { times: 0 };
  const wakeRetries = () => void woken.times++;
  return { actor, db: runtime.postgres.db, requestId: "r-1", wakeRetries, woken };
};
async function list(projects: { id: string; slug: string }[], query: object = {}) {
  const context = { db: runtime.postgres.db, projects, cursorSecret: "a secret of a test" };
  const answer = await listRejections(context, rejectionsQuerySchema.parse(query));
  return rejectionsAnswerSchema.parse(answer);
}

test("pages hold every rejection once, newest first, whatever comes meanwhile", async () => {
  const project = await makeProject(runtime.postgres.db);
  const ids = await insert(
    project.id,
    Array.from({ length: 25 }, (_, i) => ({ receivedAt: new Date(NOON_MS + (i >> 2)) })),
  );
  const seen: string[] = [];
  const times: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await list([project], { limit: 4, ...(cursor ? { cursor } : {}) });
    seen.push(...page.rejections.map(({ id }) => id));
    times.push(...page.rejections.map((row) => row.received_at));
    cursor = page.next_cursor;
    await insert(project.id, [{ receivedAt: new Date(NOON_MS + 1000) }]);
  } while (cursor);
  expect([...seen].sort()).toEqual([...ids].sort());
  expect(times).toEqual([...times].sort().reverse());
});

test("kind and state narrow the list, and a cursor of another question is refused", async () => {
  const project = await makeProject(runtime.postgres.db);
  await insert(project.id, [{}, {}, { kind: "conflict" }, { kind: "poisoned", state: "accepted" }]);
  expect((await list([project], { kind: "conflict" })).rejections).toHaveLength(1);
  expect((await list([project], { state: "open" })).rejections).toHaveLength(3);
  const fingerprint = "another fault";
  await insert(project.id, [{ fingerprint, kind: "conflict" }]);
  expect((await list([project], { fingerprint })).rejections).toMatchObject([{ fingerprint }]);
  const page = await list([project], { kind: "rejected", limit: 1 });
  const cursor = page.next_cursor ?? "";
  const refused = { code: "bad_request" };
  await expect(list([project], { kind: "conflict", cursor })).rejects.toMatchObject(refused);
  await expect(list([project], { kind: "rejected", cursor: `${cursor}x` })).rejects.toMatchObject(
    refused,
  );
});

test("faults add up over days, each project's its own", async () => {
  const { db } = runtime.postgres;
  const [one, two] = [await makeProject(db), await makeProject(db)];
  const count = { kind: "rejected" as const, fingerprint: "f", message: "model is required" };
  const lastAt = new Date(NOON_MS);
  for (let i = 0; i < 2; i++) {
    await addToRejectionCounts(db, [
      { ...count, projectId: one.id, day: "2026-11-09", events: 3, lastAt },
      { ...count, projectId: one.id, day: "2026-11-10", events: 1, lastAt: new Date(NOON_MS + 5) },
      { ...count, projectId: two.id, day: "2026-11-10", events: 10, lastAt },
    ]);
  }
  expect((await list([one])).faults).toEqual([
    { project: one.slug, ...count, events: 8, last_at: new Date(NOON_MS + 5).toISOString() },
  ]);
  expect((await list([one, two])).faults.map(({ events }) => events)).toEqual([8, 20]);
  expect((await list([one], { kind: "conflict" })).faults).toEqual([]);
});

test("a retry is audited, asked for once, and wakes who does it", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const [id = ""] = await insert(project.id, [{}]);
  const engineer = as(await makeUser(db, "engineer", project.id));
  expect(await retryRejection(engineer, id)).toMatchObject({ id, state: "retrying" });
  expect(await retryRejection(engineer, id)).toMatchObject({ state: "retrying" });
  expect(engineer.woken.times).toBeGreaterThan(0);
  expect(await auditOf(db, id)).toMatchObject([
    { action: "rejection.retry", before: { state: "open" }, after: { state: "retrying" } },
  ]);
});

test("a retry refuses a viewer and finance, and changes nothing", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const [id = ""] = await insert(project.id, [{}]);
  for (const role of ["viewer", "finance"] as const) {
    const context = as(await makeUser(db, role, project.id));
    await expect(retryRejection(context, id)).rejects.toMatchObject({ code: "forbidden" });
    expect(context.woken.times).toBe(0);
  }
  const reader = as(await makeKey(db, { scopes: ["read"], projectId: project.id }));
  await expect(retryRejection(reader, id)).rejects.toMatchObject({ code: "forbidden" });
  expect((await list([project])).rejections).toMatchObject([{ state: "open", retried_at: null }]);
  expect(await auditOf(db, id)).toEqual([]);
});

test("a rejection of another project is not there, nor one that does not exist", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const [id = ""] = await insert(foreign.id, [{}]);
  const admin = as(await makeUser(db, "admin", own.id));
  const missing = { code: "not_found", message: "There is no such rejection." };
  await expect(retryRejection(admin, id)).rejects.toMatchObject(missing);
  await expect(retryRejection(admin, randomUUID())).rejects.toMatchObject(missing);
});

test("what counts already, or is kept in part, is not retried", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const admin = as(await makeUser(db, "admin"));
  const ids = await insert(project.id, [{ state: "accepted" }, { isTruncated: true }]);
  for (const id of ids) {
    await expect(retryRejection(admin, id)).rejects.toMatchObject({ code: "conflict" });
  }
});

test("only a project's oldest samples are deleted, never a poisoned event or one that is retried", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const at = (ms: number) => ({ receivedAt: new Date(NOON_MS + ms) });
  const other = await makeProject(db);
  await insert(other.id, [at(0), at(1), at(2)]);
  const [poisoned, retrying, , newer, newest] = await insert(project.id, [
    { ...at(0), kind: "poisoned" },
    { ...at(1), state: "retrying" },
    at(2),
    at(3),
    { ...at(4), kind: "conflict" },
  ]);
  await deleteOldSamples(db, project.id, 2);
  const kept = (await list([project])).rejections.map(({ id }) => id);
  expect(kept).toEqual([newest, newer, retrying, poisoned]);
  expect((await list([other])).rejections).toHaveLength(3);
});

test("over HTTP: a reader lists, an admin's key retries, strangers and unknown parameters are refused", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const [id = ""] = await insert(project.id, [{}]);
  const ask = async (key: string | null, query = "") => {
    const headers = key ? { authorization: `Bearer ${key}` } : {};
    const request = new Request(`${TEST_PUBLIC_URL}/api/rejections${query}`, { headers });
    const response = await GET(request, { params: Promise.resolve({}) });
    return { status: response.status, json: await response.json() };
  };
  const reader = await makeKey(db, { scopes: ["read"], projectId: project.id });
  const admin = await makeKey(db, { scopes: ["admin"], projectId: project.id });
  expect(await ask(reader.key, "?state=open")).toMatchObject({
    status: 200,
    json: { rejections: [{ id, project: project.slug, body: "{}" }], next_cursor: null },
  });
  expect((await ask(null)).status).toBe(401);
  expect((await ask(reader.key, "?kinds=rejected")).status).toBe(400);
  const retry = async (key: string) => {
    const url = `${TEST_PUBLIC_URL}/api/rejections/${id}/retry`;
    const headers = { authorization: `Bearer ${key}` };
    const request = new Request(url, { method: "POST", headers });
    return (await POST(request, { params: Promise.resolve({ id }) })).status;
  };
  expect(await retry(reader.key)).toBe(403);
  expect(await retry(admin.key)).toBe(202);
});
