import { afterAll, beforeAll, expect, test } from "vitest";
import { POST } from "@/app/api/integrity/check/route";
import { GET } from "@/app/api/integrity/route";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { putIntegrityDay, updateRun } from "@/db/queries/integrity";
import { spools } from "@/db/schema/counters";
import { rejectionCounts, rejections } from "@/db/schema/rejections";
import type { IntegrityAnswer } from "@/lib/integrity/integrity-schemas";
import { requestCheck } from "@/lib/integrity/request-check";
import { auditOf } from "@/lib/testing/audit-of";
import { openTestStores } from "@/lib/testing/open-test-stores";
import { makeKey, makeProject, makeUser, type TestRuntime } from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestStores();
});
afterAll(() => runtime.close());

const segments = { params: Promise.resolve({}) };
const RANGE = "from=2026-11-01T00:00:00Z&to=2026-11-11T00:00:00Z";

async function ask(projectId: string, query = RANGE) {
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["read"], projectId });
  const request = new Request(`http://x/api/integrity?${query}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const response = await GET(request, segments);
  return { status: response.status, body: (await response.json()) as IntegrityAnswer };
}

const putDay = (projectId: string, day: string, given: object) =>
  putIntegrityDay(runtime.postgres.db, {
    projectId,
    day,
    checkedAt: new Date("2026-11-12T00:00:00Z"),
    state: "equal",
    callsEvents: 3,
    callsLlm: 2,
    callsUsd: "1.5",
    differenceUsd: "0",
    ...given,
  });

test("days, differences, rejected events and gaps are those of the projects one may read", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  await putDay(own.id, "2026-11-09", {});
  await putDay(own.id, "2026-11-10", {
    state: "different",
    rollupEvents: 2,
    rollupUsd: "1.500000000000001",
    counterEvents: null,
    differenceUsd: "0.000000000000001",
  });
  await putDay(own.id, "2026-11-08", { state: "moving", differenceUsd: null, note: "why" });
  await putDay(own.id, "2026-11-07", { state: "repaired", differenceUsd: "9007199254740993.1" });
  await putDay(own.id, "2026-10-31", { state: "different", differenceUsd: "5" });
  await putDay(own.id, "2026-11-11", { state: "different", differenceUsd: "5" });
  await putDay(foreign.id, "2026-11-09", { state: "different", differenceUsd: "5" });
  const fault = { projectId: own.id, kind: "conflict" as const, fingerprint: "f" };
  const at = new Date("2026-11-10T12:00:00Z");
  await db
    .insert(rejectionCounts)
    .values({ ...fault, day: "2026-11-10", message: "m", events: 7, lastAt: at });
  await db.insert(rejections).values({
    ...fault,
    errors: [],
    body: "{}",
    receivedAt: at,
    spoolId: "s",
    spoolKey: 1,
  });
  await db.insert(spools).values({ id: "s", freshTo: at, seenAt: at, backlogEvents: 4 });
  const numbered = [1, 2, 5].map((sequence) =>
    makeCallRow({ atMs: at.getTime() + sequence, project_id: own.id, source: "w", sequence }),
  );
  await runtime.clickhouse.insertLines("llm_calls", toLines(numbered));

  const { status, body } = await ask(own.id);
  expect(status).toBe(200);
  expect(body.totals).toEqual({
    days: 4,
    equal: 1,
    moving: 1,
    different: 1,
    repaired: 1,
    sealed: 0,
    difference_usd: "0.000000000000001",
    repaired_usd: "9007199254740993.1",
  });
  expect(body.days.map(({ day, state }) => [day, state])).toEqual([
    ["2026-11-10", "different"],
    ["2026-11-09", "equal"],
    ["2026-11-08", "moving"],
    ["2026-11-07", "repaired"],
  ]);
  expect(body.days[0]).toMatchObject({
    project: own.slug,
    calls: { events: 3, llm_calls: 2, cost_usd: "1.5" },
    rollups: { llm_calls: 2, cost_usd: "1.500000000000001" },
    counters: null,
  });
  expect(body.rejections).toEqual({
    rejected: { events: 0, open: 0 },
    conflict: { events: 7, open: 1 },
    poisoned: { events: 0, open: 0 },
  });
  expect(body.gaps).toMatchObject([
    { source: "w", received: 3, missing: 2, missing_ranges: [[3, 4]] },
  ]);
  expect(body.spools).toMatchObject([{ id: "s", backlog_events: 4, is_gone: true }]);
  expect((await ask(foreign.id)).body.totals).toMatchObject({ days: 1, difference_usd: "5" });
});

test("before anything was compared it says so, and a mistyped parameter is refused", async () => {
  const { id } = await makeProject(runtime.postgres.db);
  const { body } = await ask(id);
  expect(body).toMatchObject({ checked_at: null, days: [], totals: { days: 0 } });
  expect((await ask(id, "form=2026-11-01T00:00:00Z")).status).toBe(400);
});

test("a check is asked for by admins and engineers; a viewer and finance are refused", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const as = async (role: "viewer" | "finance" | "engineer" | "admin") => ({
    actor: await makeUser(db, role, project.id),
    db,
    requestId: null,
    projects: [project],
  });
  for (const role of ["viewer", "finance"] as const) {
    await expect(requestCheck(await as(role))).rejects.toMatchObject({ code: "forbidden" });
  }
  const run = await requestCheck(await as("engineer"));
  expect(run).toMatchObject({ is_full: true, finished_at: null, error: null });
  expect(await auditOf(db, run.id)).toMatchObject([{ action: "integrity.check" }]);
  // One that is open is not asked for twice.
  expect(await requestCheck(await as("admin"))).toEqual(run);
  expect((await ask(project.id)).body).toMatchObject({ running: true });
  await updateRun(db, run.id, { days: 1, differences: 0, finishedAt: new Date() });
  expect((await ask(project.id)).body).toMatchObject({ running: false });
});

test("a key that only reads may not ask for a check", async () => {
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["read"] });
  const headers = { authorization: `Bearer ${key}` };
  const request = new Request("http://x/api/integrity/check", { method: "POST", headers });
  expect((await POST(request, segments)).status).toBe(403);
});
