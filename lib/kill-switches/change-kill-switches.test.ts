import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { readPolicy, readPolicyVersion } from "@/db/queries/policy";
import type { Actor } from "@/lib/auth/actor";
import { isEngaged } from "@/lib/budgets/policy-holder";
import { putKillSwitchSchema } from "@/lib/kill-switches/kill-switch-schemas";
import { listKillSwitches } from "@/lib/kill-switches/list-kill-switches";
import { previewKillSwitch } from "@/lib/kill-switches/preview-kill-switch";
import { setKillSwitch } from "@/lib/kill-switches/set-kill-switch";
import { resolveProjects } from "@/lib/projects/resolve-projects";
import { auditOf } from "@/lib/testing/audit-of";
import { openTestStores } from "@/lib/testing/open-test-stores";
import { makeKey, makeProject, makeUser, type TestRuntime } from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestStores();
});
afterAll(() => runtime.close());

const as = (actor: Actor) => {
  const { postgres, clickhouse, log } = runtime;
  return { actor, db: postgres.db, requestId: "r-1", clickhouse, log };
};
const reader = async (actor: Actor) => {
  const { db } = runtime.postgres;
  return { ...as(actor), projects: await resolveProjects(db, actor, null, "switches.read") };
};
const put = (given: object) =>
  putKillSwitchSchema.parse({ scope: "agent", value: "planner", reason: "a loop", ...given });
const refused = { code: "forbidden" };

test("nobody but an engineer and an admin engages, only an admin releases, and only of every project the global one", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const on = put({ project: own.slug, engaged: true });
  const off = put({ project: own.slug, engaged: false });
  const everything = { scope: "global", value: null, reason: "all of it" };
  const version = await readPolicyVersion(db);
  for (const role of ["viewer", "finance"] as const) {
    const context = as(await makeUser(db, role, own.id));
    await expect(setKillSwitch(context, on)).rejects.toMatchObject(refused);
    await expect(setKillSwitch(context, off)).rejects.toMatchObject(refused);
  }
  const engineer = as(await makeUser(db, "engineer", own.id));
  const local = as(await makeUser(db, "admin", own.id));
  for (const context of [engineer, local]) {
    const global = put({ ...everything, engaged: true });
    await expect(setKillSwitch(context, global)).rejects.toMatchObject(refused);
    const theirs = put({ project: foreign.slug, engaged: true });
    await expect(setKillSwitch(context, theirs)).rejects.toMatchObject({ code: "not_found" });
  }
  await expect(
    setKillSwitch(as(await makeUser(db, "engineer")), put({ ...everything, engaged: true })),
  ).rejects.toMatchObject(refused);
  expect(await readPolicyVersion(db)).toBe(version);
  const row = await setKillSwitch(engineer, on);
  expect(await readPolicyVersion(db)).toBe(version + 1);
  await expect(setKillSwitch(engineer, off)).rejects.toMatchObject(refused);
  expect((await readPolicy(db)).switches.map(({ id }) => id)).toContain(row.id);
  await setKillSwitch(local, off);
  expect((await readPolicy(db)).switches.map(({ id }) => id)).not.toContain(row.id);
  const admin = as(await makeUser(db, "admin"));
  const global = await setKillSwitch(admin, put({ ...everything, engaged: true }));
  expect((await readPolicy(db)).switches.map(({ id }) => id)).toContain(global.id);
  await setKillSwitch(admin, put({ ...everything, engaged: false }));
});

test("a key of one project stops what is in it, and nothing else", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const reading = as(await makeKey(db, { scopes: ["read", "guard"], projectId: own.id }));
  const key = as(await makeKey(db, { scopes: ["admin"], projectId: own.id }));
  const on = put({ project: own.slug, engaged: true });
  await expect(setKillSwitch(reading, on)).rejects.toMatchObject(refused);
  expect(await setKillSwitch(key, on)).toMatchObject({ projectId: own.id });
  const theirs = put({ project: foreign.slug, engaged: true });
  await expect(setKillSwitch(key, theirs)).rejects.toMatchObject({ code: "not_found" });
});

test("it ends by itself at its time, nobody needed, and an engineer ends none by an earlier one", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const engineer = await makeUser(db, "engineer", project.id);
  const nowMs = Date.now();
  const at = (ms: number) => new Date(nowMs + ms).toISOString();
  const on = (until: string | null) => put({ project: project.slug, engaged: true, until });
  const row = await setKillSwitch(as(engineer), on(at(60_000)), nowMs);
  expect(isEngaged(row, nowMs + 59_999)).toBe(true);
  expect(isEngaged(row, nowMs + 60_000)).toBe(false);
  const after = await listKillSwitches(await reader(engineer), nowMs + 60_000);
  expect(after.switches.find(({ id }) => id === row.id)).toMatchObject({
    engaged: false,
    released_at: at(60_000),
    released_by: null,
    stops: null,
  });
  await setKillSwitch(as(engineer), on(at(120_000)), nowMs);
  await expect(setKillSwitch(as(engineer), on(at(1_000)), nowMs)).rejects.toMatchObject(refused);
  await setKillSwitch(as(engineer), on(null), nowMs);
  await expect(setKillSwitch(as(engineer), on(at(1e9)), nowMs)).rejects.toMatchObject(refused);
  const admin = as(await makeUser(db, "admin", project.id));
  expect(await setKillSwitch(admin, on(at(1_000)), nowMs)).toMatchObject({ id: row.id });
  for (const wrong of [on(at(0)), { ...on(at(60_000)), engaged: false }]) {
    await expect(setKillSwitch(admin, wrong, nowMs)).rejects.toMatchObject({
      code: "unprocessable",
      errors: [{ path: "until" }],
    });
  }
});

test("who did what and why is kept both ways, and a release of what is released changes nothing", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const admin = await makeUser(db, "admin", project.id);
  const change = (engaged: boolean, reason: string) =>
    setKillSwitch(as(admin), put({ project: project.slug, engaged, reason }));
  await expect(change(false, "early")).rejects.toMatchObject({ code: "not_found" });
  const { id } = await change(true, "a loop");
  await change(false, "mended");
  await change(false, "again");
  const { switches, history } = await listKillSwitches(await reader(admin));
  expect(switches.find((one) => one.id === id)).toMatchObject({
    project: project.slug,
    value: "planner",
    engaged: false,
    reason: "a loop",
    released_by: admin.name,
    release_reason: "mended",
  });
  expect(history.filter((one) => one.project === project.slug)).toMatchObject([
    {
      engaged: false,
      reason: "mended",
      value: "planner",
      by: expect.stringContaining(admin.email),
    },
    { engaged: true, reason: "a loop" },
  ]);
  expect((await auditOf(db, id)).map(({ action }) => action)).toEqual([
    "kill_switch.engage",
    "kill_switch.release",
  ]);
  for (const given of [
    { reason: "" },
    { reason: "  " },
    { reason: undefined },
    { scope: "task" },
    { more: 1 },
  ]) {
    const body = { scope: "agent", value: "a", reason: "r", engaged: true, ...given };
    expect(putKillSwitchSchema.safeParse(body).success).toBe(false);
  }
});

test("what would stop is counted of the last quarter of an hour, of its own project only", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const nowMs = Date.now();
  const call = (given: object) =>
    makeCallRow({ atMs: nowMs - 60_000, project_id: own.id, cost_usd: "0.5", ...given });
  await runtime.clickhouse.insertLines(
    "llm_calls",
    toLines([
      call({ agent: "planner", session: "s-1" }),
      call({ agent: "planner", session: "s-2", type: "tool" }),
      call({ agent: "planner", trace_id: "t-1", feature: "chat" }),
      call({ agent: "", session: "s-1" }),
      call({ agent: "planner", type: "agent", session: "s-9" }),
      call({ agent: "planner", session: "s-8", atMs: nowMs - 16 * 60_000 }),
      call({ agent: "planner", session: "s-7", project_id: foreign.id }),
    ]),
  );
  const engineer = await makeUser(db, "engineer", own.id);
  const preview = (given: object) =>
    previewKillSwitch(as(engineer), { scope: "agent", project: own.slug, ...given }, nowMs);
  expect(await preview({ value: "planner" })).toEqual({
    scope: "agent",
    project: own.slug,
    value: "planner",
    engaged: false,
    stops: {
      calls: 3,
      cost_usd: "1.5",
      agents: [{ agent: "planner", calls: 3 }],
      agents_count: 1,
      running_sessions: 3,
    },
  });
  const all = { calls: 4, agents_count: 2, running_sessions: 3, cost_usd: "2" };
  expect(await preview({ scope: "project" })).toMatchObject({ value: own.slug, stops: all });
  // An engineer of one project learns nothing of the others.
  expect((await preview({ scope: "global", project: null })).stops).toMatchObject(all);
  expect((await preview({ value: "nobody" })).stops).toMatchObject({ calls: 0, agents: [] });
  expect((await preview({ scope: "feature", value: "chat" })).stops).toMatchObject({ calls: 1 });
  await setKillSwitch(as(engineer), put({ project: own.slug, engaged: true }));
  const { switches, agents } = await listKillSwitches(await reader(engineer), nowMs);
  expect(switches[0]).toMatchObject({ engaged: true, stops: { calls: 3 } });
  expect(agents).toMatchObject([
    { project: own.slug, agent: "planner", calls: 3, running_sessions: 3, cost_usd: "1.5" },
    { agent: null, calls: 1 },
  ]);
  // Who watches asks each second: it is counted once in five.
  await runtime.clickhouse.insertLines("llm_calls", toLines([call({ agent: "planner" })]));
  for (const [laterMs, calls] of [
    [4_000, 3],
    [5_000, 4],
  ] as const) {
    const later = await listKillSwitches(await reader(engineer), nowMs + laterMs);
    expect(later.switches[0]).toMatchObject({ stops: { calls } });
  }
});

test("without the calls' store a switch is still set and listed, and what it stops is not known", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const admin = await makeUser(db, "admin", project.id);
  const away = { query: () => Promise.reject(new Error("out of reach")) };
  const broken = { ...(await reader(admin)), clickhouse: { ...runtime.clickhouse, ...away } };
  const target = { scope: "agent" as const, value: "planner", project: project.slug };
  expect((await previewKillSwitch(broken, target)).stops).toBeNull();
  await setKillSwitch(broken, put({ project: project.slug, engaged: true }));
  const { switches, agents } = await listKillSwitches(broken);
  expect(switches[0]).toMatchObject({ engaged: true, value: "planner", stops: null });
  expect(agents).toBeNull();
});

test("a switch needs what it stops: no value for all, a project for a name", async () => {
  const admin = as(await makeUser(runtime.postgres.db, "admin"));
  const path = (given: object) =>
    setKillSwitch(admin, put({ engaged: true, ...given })).then(
      () => null,
      (error: { errors?: { path: string }[] }) => error.errors?.[0]?.path,
    );
  expect(await path({})).toBe("project");
  expect(await path({ project: "default", value: undefined })).toBe("value");
  expect(await path({ scope: "global" })).toBe("value");
  expect(await path({ scope: "project", value: undefined })).toBe("value");
  expect(await path({ scope: "project", value: "default", project: "other" })).toBe("project");
});

test("a name that no call can carry is refused: a switch that stops nobody must not look engaged", async () => {
  const admin = as(await makeUser(runtime.postgres.db, "admin"));
  for (const value of ["*", "(untagged)", "a\u0000", "line\nbreak", "\ud800"]) {
    const engaging = setKillSwitch(admin, put({ engaged: true, project: "default", value }));
    await expect(engaging).rejects.toMatchObject({
      code: "unprocessable",
      errors: [{ path: "value" }],
    });
  }
});
