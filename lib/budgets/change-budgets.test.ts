import { afterAll, beforeAll, expect, test } from "vitest";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import { readPolicyVersion } from "@/db/queries/policy";
import type { Actor } from "@/lib/auth/actor";
import { createBudgetSchema } from "@/lib/budgets/budget-schemas";
import { createBudget } from "@/lib/budgets/create-budget";
import { findBudget } from "@/lib/budgets/find-budget";
import { listBudgets } from "@/lib/budgets/list-budgets";
import { canSee, resolveProjects } from "@/lib/projects/resolve-projects";
import { auditOf } from "@/lib/testing/audit-of";
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

const as = (actor: Actor) => {
  return { actor, db: runtime.postgres.db, requestId: "r-1", env: { timeZone: "Europe/Berlin" } };
};
/** Somebody's view of every project that they may see. */
const reader = async (actor: Actor) => {
  const { db } = runtime.postgres;
  const requested = actor.type === "key" && actor.isInstallation ? "*" : null;
  const projects = await resolveProjects(db, actor, requested, "budgets.read");
  expect(projects.every(({ id }) => canSee(actor, id))).toBe(true);
  return { db, actor, projects };
};
const body = (given: object = {}) =>
  createBudgetSchema.parse({
    name: "Agents",
    scope: "agent",
    value: "*",
    window: "day",
    limit_usd: "10",
    ...given,
  });

test("every change of budgets refuses a viewer and an engineer, and changes nothing", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const version = await readPolicyVersion(db);
  for (const role of ["viewer", "engineer"] as const) {
    const context = as(await makeUser(db, role, project.id));
    const refused = { code: "forbidden" };
    const wanted = body({ project: project.slug });
    await expect(createBudget(context, wanted)).rejects.toMatchObject(refused);
  }
  expect(await readPolicyVersion(db)).toBe(version);
});

test("finance sets a project's budget and not the installation's", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const finance = await makeUser(db, "finance", project.id);
  const { id } = await createBudget(as(finance), body({ project: project.slug }));
  expect(await findBudget(await reader(finance), id)).toMatchObject({
    project: project.slug,
    value: "*",
    tz: "Europe/Berlin",
    state: "counting",
    limit_usd: "10",
    unpriced: "warn",
    created_by: finance.name,
  });
  await expect(createBudget(as(finance), body({ project: null }))).rejects.toMatchObject({
    code: "forbidden",
  });
  const global = body({ scope: "global", value: undefined });
  await expect(createBudget(as(finance), global)).rejects.toMatchObject({ code: "forbidden" });
  expect(await auditOf(db, id)).toMatchObject([
    { action: "budget.create", projectId: project.id, after: { tz: "Europe/Berlin" } },
  ]);
});

test("two projects never see each other's budgets, and a key of one makes none in the other", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const key = await makeKey(db, { scopes: ["admin", "read"], projectId: own.id });
  const admin = await makeUser(db, "admin");
  const made = await createBudget(as(admin), body({ project: foreign.slug }));
  const common = await createBudget(as(admin), body({ project: null, name: "Common" }));
  const { budgets } = await listBudgets(await reader(key), { hasArchived: true });
  expect(budgets.map(({ id }) => id)).toContain(common.id);
  expect(budgets.map(({ id }) => id)).not.toContain(made.id);
  await expect(findBudget(await reader(key), made.id)).rejects.toMatchObject({
    code: "not_found",
    message: "There is no such budget.",
  });
  await expect(createBudget(as(key), body({ project: foreign.slug }))).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(
    createBudget(as(key), body({ scope: "project", value: foreign.slug })),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("of a budget of every project a reader of one sees how full it is, and no other project's names", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const admin = await makeUser(db, "admin");
  const local = await makeUser(db, "admin", own.id);
  const agents = await createBudget(as(admin), body({ project: null, window: "session" }));
  const each = await createBudget(
    as(admin),
    body({ scope: "project", value: "*", window: "session" }),
  );
  const at = { generation: 0, period: "s-1" };
  await addToBudgetCounters(db, [
    { budgetId: agents.id, ...at, value: "their-agent", spentUsd: "9.5" },
    { budgetId: each.id, ...at, value: foreign.id, spentUsd: "11" },
    { budgetId: each.id, ...at, value: own.id, spentUsd: "2" },
  ]);
  expect(await findBudget(await reader(local), agents.id)).toMatchObject({
    nearest_value: null,
    nearest_period: null,
    spent: { usd: "9.5" },
  });
  expect(await findBudget(await reader(admin), agents.id)).toMatchObject({
    nearest_value: "their-agent",
    nearest_period: "s-1",
  });
  const seen = await findBudget(await reader(local), each.id);
  expect(seen).toMatchObject({ nearest_value: own.slug, spent: { usd: "2" }, values_count: 1 });
  expect(await findBudget(await reader(admin), each.id)).toMatchObject({
    nearest_value: foreign.slug,
    spent: { usd: "11" },
    values_count: 2,
  });
});

test("a project's budget is told by its slug, and one that says two projects is refused", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const admin = await makeUser(db, "admin");
  const made = await createBudget(
    as(admin),
    body({ scope: "project", value: project.slug, window: "month" }),
  );
  expect(await findBudget(await reader(admin), made.id)).toMatchObject({
    project: project.slug,
    value: project.slug,
  });
  for (const wrong of [
    { scope: "project", value: "*", project: project.slug },
    { scope: "project", value: project.slug, project: "default" },
    { scope: "global", value: null, project: project.slug },
    { scope: "project", value: undefined },
  ]) {
    await expect(createBudget(as(admin), body(wrong))).rejects.toMatchObject({
      code: "unprocessable",
    });
  }
});
