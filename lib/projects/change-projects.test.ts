import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_TABLES } from "@/db/clickhouse/cubes";
import { readPolicy, readPolicyVersion } from "@/db/queries/policy";
import { findProject, findProjectBySlug } from "@/db/queries/projects";
import type { Actor } from "@/lib/auth/actor";
import { createProject } from "@/lib/projects/create-project";
import { deleteDemoProject } from "@/lib/projects/delete-demo-project";
import { listProjects } from "@/lib/projects/list-projects";
import { createProjectSchema, updateProjectSchema } from "@/lib/projects/project-schemas";
import { updateProject } from "@/lib/projects/update-project";
import { auditOf } from "@/lib/testing/audit-of";
import { makeBudget } from "@/lib/testing/test-budgets";
import {
  makeKey,
  makeProject,
  makeUser,
  openTestRuntime,
  type TestRuntime,
} from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

/** The far end of a removal: notes what it was told to delete, or is out of reach. */
function callsStore(options: { isAway?: boolean } = {}) {
  const deleted: unknown[] = [];
  const clickhouse: ClickHouse = {
    ...runtime.clickhouse,
    command: async (_sql, params) => {
      if (options.isAway) throw new Error("out of reach");
      deleted.push(params?.projectId);
    },
  };
  return { clickhouse, deleted };
}
const as = (actor: Actor, clickhouse: ClickHouse = callsStore().clickhouse) => {
  const { keys, postgres } = runtime;
  return { actor, db: postgres.db, requestId: null, keys, clickhouse };
};
const input = (slug: string, given: object = {}) =>
  createProjectSchema.parse({ slug, name: slug, ...given });

test("every change of projects refuses a viewer, finance and an engineer", async () => {
  const { db } = runtime.postgres;
  const demo = await createProject(
    as(await makeUser(db, "admin")),
    input("d-1", { is_demo: true }),
  );
  for (const role of ["viewer", "finance", "engineer"] as const) {
    const context = as(await makeUser(db, role));
    const refused = { code: "forbidden" };
    await expect(createProject(context, input("never"))).rejects.toMatchObject(refused);
    await expect(updateProject(context, demo.id, { name: "x" })).rejects.toMatchObject(refused);
    await expect(deleteDemoProject(context, demo.id)).rejects.toMatchObject(refused);
  }
  expect(await findProjectBySlug(db, "never")).toBeNull();
  expect(await findProject(db, demo.id)).toMatchObject({ name: "d-1", archivedAt: null });
});

test("an admin of one project changes it, and neither makes projects nor knows of others", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const admin = await makeUser(db, "admin", own.id);
  expect(await updateProject(as(admin), own.id, { name: "Ours" })).toMatchObject({ name: "Ours" });
  await expect(createProject(as(admin), input("more"))).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(updateProject(as(admin), foreign.id, { name: "x" })).rejects.toMatchObject({
    code: "not_found",
  });
  const { projects } = await listProjects(as(admin));
  expect(projects.map((project) => project.slug)).toEqual([own.slug]);
});

test("an installation key lists every project, one of a project its own", async () => {
  const { db } = runtime.postgres;
  const other = await makeProject(db);
  const installation = await makeKey(db, { scopes: ["read"], isInstallation: true });
  const { projects } = await listProjects(as(installation));
  expect(projects.map((project) => project.slug)).toEqual(
    expect.arrayContaining(["default", other.slug]),
  );
  const local = await listProjects(
    as(await makeKey(db, { scopes: ["read"], projectId: other.id })),
  );
  expect(local.projects.map((project) => project.id)).toEqual([other.id]);
});

test("a slug is taken once, and what it may hold is narrow", async () => {
  const admin = as(await makeUser(runtime.postgres.db, "admin"));
  await createProject(admin, input("taken"));
  await expect(createProject(admin, input("taken"))).rejects.toMatchObject({ code: "conflict" });
  for (const slug of ["", "*", "A", "a b", "-a", "a/b", "ä", "a".repeat(64)])
    expect(createProjectSchema.safeParse({ slug, name: "x" }).success).toBe(false);
});

test("a change counts for the project's keys at once, and is on the record with what was before", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const { key } = await makeKey(db, { scopes: ["ingest"], projectId: project.id });
  expect(await runtime.keys.verify(key)).toMatchObject({ trustsReportedCost: false });
  const admin = as(await makeUser(db, "admin"));
  await updateProject(admin, project.id, {
    trusts_reported_cost: true,
    required_tags: ["feature"],
  });
  expect(await runtime.keys.verify(key)).toMatchObject({
    trustsReportedCost: true,
    requiredTags: ["feature"],
  });
  expect(await auditOf(db, project.id)).toMatchObject([
    {
      action: "project.update",
      before: { trusts_reported_cost: false, required_tags: [] },
      after: { trusts_reported_cost: true, required_tags: ["feature"] },
    },
  ]);
});

test("two changes at once both hold, and one that changes nothing is not on the record", async () => {
  const { db } = runtime.postgres;
  const context = as(await makeUser(db, "admin"));
  const { id } = await makeProject(db);
  await Promise.all([
    updateProject(context, id, { name: "Renamed" }),
    updateProject(context, id, { trusts_reported_cost: true }),
    updateProject(context, id, { retention_days: 400 }),
  ]);
  expect(await findProject(db, id)).toMatchObject({
    name: "Renamed",
    trustsReportedCost: true,
    retentionDays: 400,
  });
  await updateProject(context, id, { name: "Renamed" });
  expect(await auditOf(db, id)).toHaveLength(3);
});

test("how long calls are kept is changed, taken back, and left alone by another change", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const admin = as(await makeUser(db, "admin"));
  const change = (input: Parameters<typeof updateProject>[2]) =>
    updateProject(admin, project.id, input);
  expect(await change({ retention_days: 90 })).toMatchObject({ retention_days: 90 });
  expect(await change({ name: "Ours" })).toMatchObject({ retention_days: 90, sealed_before: null });
  expect(await change({ retention_days: null })).toMatchObject({ retention_days: null });
  expect((await auditOf(db, project.id)).map(({ after }) => after)).toMatchObject([
    { retention_days: 90 },
    { retention_days: 90 },
    { retention_days: null },
  ]);
  const viewer = as(await makeUser(db, "viewer"));
  await expect(updateProject(viewer, project.id, { retention_days: 1 })).rejects.toMatchObject({
    code: "forbidden",
  });
  for (const days of [0, -1, 1.5, 40_000])
    expect(updateProjectSchema.safeParse({ retention_days: days }).success).toBe(false);
});

test("what decisions read of a project moves the policy's version with it, and the rest does not", async () => {
  const { db } = runtime.postgres;
  const admin = as(await makeUser(db, "admin"));
  const version = await readPolicyVersion(db);
  const made = await createProject(admin, input("p-policy", { is_demo: true }));
  expect(made).toMatchObject({ fail_mode: null });
  await updateProject(admin, made.id, { name: "Ours" });
  expect(await readPolicyVersion(db)).toBe(version + 1);
  expect(await updateProject(admin, made.id, { fail_mode: "open" })).toMatchObject({
    fail_mode: "open",
  });
  await updateProject(admin, made.id, { required_tags: ["feature"], name: "Theirs" });
  expect(await readPolicyVersion(db)).toBe(version + 3);
  const known = async () => (await readPolicy(db)).projects.find(({ id }) => id === made.id);
  expect(await known()).toMatchObject({ failMode: "open", requiredTags: ["feature"] });
  expect(await updateProject(admin, made.id, { fail_mode: null })).toMatchObject({
    fail_mode: null,
    required_tags: ["feature"],
  });
  await deleteDemoProject(admin, made.id);
  expect(await readPolicyVersion(db)).toBe(version + 5);
  expect(await known()).toBeUndefined();
  const engineer = as(await makeUser(db, "engineer"));
  const other = await makeProject(db);
  await expect(updateProject(engineer, other.id, { fail_mode: "open" })).rejects.toMatchObject({
    code: "forbidden",
  });
  expect(await readPolicyVersion(db)).toBe(version + 5);
  expect(updateProjectSchema.safeParse({ fail_mode: "ajar" }).success).toBe(false);
});

/** Where a project's calls and what was made of them lie. */
const CALLS_TABLES = [
  "bucket_changes",
  "bucket_generations",
  "calls_rollup",
  ...Object.values(DAY_TABLES),
  "long_sessions",
  "session_ranks",
  "sealed_calls",
  "call_contents",
  "llm_calls",
  "trace_spans",
];

test("a demo goes with its keys, budgets and calls, and gives its slug back; a real project stays", async () => {
  const { db } = runtime.postgres;
  const admin = await makeUser(db, "admin");
  const demo = await createProject(as(admin), input("demo", { is_demo: true }));
  const { key } = await makeKey(db, { scopes: ["ingest"], projectId: demo.id });
  expect(await runtime.keys.verify(key)).not.toBeNull();
  const everywhere = await makeBudget(db);
  await makeBudget(db, { scope: "agent", value: "*", projectId: demo.id });
  const calls = callsStore();
  await deleteDemoProject(as(admin, calls.clickhouse), demo.id);
  const { budgets } = await readPolicy(db);
  expect(budgets.map(({ id }) => id)).toEqual([everywhere.id]);
  expect(calls.deleted).toEqual(CALLS_TABLES.map(() => demo.id));
  expect(await runtime.keys.verify(key)).toBeNull();
  expect(await findProjectBySlug(db, "demo")).toBeNull();
  const again = await createProject(as(admin), input("demo", { is_demo: true }));
  expect(again.id).not.toBe(demo.id);

  const real = await makeProject(db);
  await expect(deleteDemoProject(as(admin, calls.clickhouse), real.id)).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await findProject(db, real.id)).toMatchObject({ archivedAt: null });
});

test("a removal that the calls store interrupted is finished by doing it again", async () => {
  const { db } = runtime.postgres;
  const admin = await makeUser(db, "admin");
  const demo = await createProject(as(admin), input("demo-2", { is_demo: true }));
  const away = as(admin, callsStore({ isAway: true }).clickhouse);
  await expect(deleteDemoProject(away, demo.id)).rejects.toThrow("out of reach");
  const calls = callsStore();
  await deleteDemoProject(as(admin, calls.clickhouse), demo.id);
  expect(calls.deleted).toEqual(CALLS_TABLES.map(() => demo.id));
  const actions = (await auditOf(db, demo.id)).map((event) => event.action);
  expect(actions).toEqual(["project.create", "project.delete_demo"]);
});
