import { afterAll, beforeAll, expect, test } from "vitest";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import { updateBudgetRow } from "@/db/queries/budgets";
import { readPolicy, readPolicyVersion } from "@/db/queries/policy";
import { refusals } from "@/db/schema/budgets";
import type { Actor } from "@/lib/auth/actor";
import { archiveBudget } from "@/lib/budgets/archive-budget";
import { periodName } from "@/lib/budgets/budget-period";
import { createBudgetSchema, updateBudgetSchema } from "@/lib/budgets/budget-schemas";
import { createBudget } from "@/lib/budgets/create-budget";
import { findBudget } from "@/lib/budgets/find-budget";
import { findWholeBudget } from "@/lib/budgets/find-whole-budget";
import { listBudgets } from "@/lib/budgets/list-budgets";
import { updateBudget } from "@/lib/budgets/update-budget";
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

/** As after its counters were built from the ledger. */
const count = (id: string) => updateBudgetRow(runtime.postgres.db, id, { generation: 1 });

test("every change of budgets refuses a viewer and an engineer, and changes nothing", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const admin = await makeUser(db, "admin");
  const made = await createBudget(as(admin), body({ project: project.slug }));
  const common = await createBudget(as(admin), body({ project: null }));
  const version = await readPolicyVersion(db);
  for (const role of ["viewer", "engineer"] as const) {
    const context = as(await makeUser(db, role, project.id));
    const refused = { code: "forbidden" };
    const wanted = body({ project: project.slug });
    await expect(createBudget(context, wanted)).rejects.toMatchObject(refused);
    for (const id of [made.id, common.id]) {
      await expect(updateBudget(context, id, { limit_usd: "99" })).rejects.toMatchObject(refused);
      await expect(archiveBudget(context, id)).rejects.toMatchObject(refused);
    }
  }
  expect(await readPolicyVersion(db)).toBe(version);
  expect(await findBudget(as(admin), made.id)).toMatchObject({
    limit_usd: "10",
    archived_at: null,
  });
});

test("finance sets a project's budget and not the installation's", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const finance = await makeUser(db, "finance", project.id);
  const { id } = await createBudget(as(finance), body({ project: project.slug }));
  expect(await findBudget(as(finance), id)).toMatchObject({
    project: project.slug,
    value: "*",
    tz: "Europe/Berlin",
    state: "counting",
    // Not known yet, which is not 0.
    spent: null,
    reserved: null,
    used_percent: null,
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
  await expect(findBudget(as(key), made.id)).rejects.toMatchObject({
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
  for (const { id } of [agents, each]) await count(id);
  const at = { generation: 1, period: "s-1" };
  await addToBudgetCounters(db, [
    { budgetId: agents.id, ...at, value: "their-agent", spentUsd: "9.5" },
    { budgetId: each.id, ...at, value: foreign.id, spentUsd: "11" },
    { budgetId: each.id, ...at, value: own.id, spentUsd: "2" },
  ]);
  expect(await findBudget(as(local), agents.id)).toMatchObject({
    nearest_value: null,
    nearest_period: null,
    spent: { usd: "9.5" },
  });
  expect(await findBudget(as(admin), agents.id)).toMatchObject({
    nearest_value: "their-agent",
    nearest_period: "s-1",
  });
  const seen = await findBudget(as(local), each.id);
  expect(seen).toMatchObject({ nearest_value: own.slug, spent: { usd: "2" }, values_count: 1 });
  expect(await findBudget(as(admin), each.id)).toMatchObject({
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
  expect(await findBudget(as(admin), made.id)).toMatchObject({
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

test("an edit keeps what was spent, moves the policy's version, and says what was before", async () => {
  const { db } = runtime.postgres;
  const admin = await makeUser(db, "admin");
  const project = await makeProject(db);
  const given = { project: project.slug, thresholds: [{ percent: 70 }, { percent: 50 }] };
  const { id } = await createBudget(as(admin), body(given));
  const nowMs = Date.now();
  const { period } = await findBudget(as(admin), id, nowMs);
  await count(id);
  const at = { budgetId: id, generation: 1, period: periodName(Date.parse(period?.from ?? "")) };
  await addToBudgetCounters(db, [
    { ...at, value: "a", spentUsd: "4.000000000000001", spentCalls: "3", reservedUsd: "1.5" },
    { ...at, value: "b", spentUsd: "3", unreservedUsd: "2", unreservedEvents: "1" },
  ]);
  const before = await findWholeBudget(as(admin), id, nowMs);
  const version = await readPolicyVersion(db);
  // What is spent is no change of the policy.
  await addToBudgetCounters(db, [{ ...at, value: "b", spentCalls: "1" }]);
  expect(await readPolicyVersion(db)).toBe(version);
  await updateBudget(as(admin), id, { limit_usd: "5", limit_calls: 100, name: "Less" });
  const after = await findWholeBudget(as(admin), id, nowMs);
  expect(await readPolicyVersion(db)).toBe(version + 1);
  expect(after).toMatchObject({
    name: "Less",
    limit_usd: "5",
    limit_calls: 100,
    nearest_value: "a",
    spent: { usd: "4.000000000000001", calls: 3 },
    reserved: { usd: "1.5" },
    used_percent: 80,
    next_threshold: null,
    values_count: 2,
    unreserved: { usd: "2", events: 1 },
  });
  expect(before).toMatchObject({ used_percent: 40, next_threshold: 50 });
  expect(before.spent).toEqual(after.spent);
  expect(after.values.map(({ value }) => value)).toEqual(["a", "b"]);
  const [, change] = await auditOf(db, id);
  expect(change).toMatchObject({
    action: "budget.update",
    before: { limit_usd: "10", limit_calls: null, name: "Agents" },
    after: { limit_usd: "5", limit_calls: 100, name: "Less" },
  });
});

test("an edit that says what is there already changes nothing: no version, no audit, not its time", async () => {
  const { db } = runtime.postgres;
  const admin = as(await makeUser(db, "admin"));
  const unpriced = { usd_per_mtok: "2.5" };
  const thresholds = [{ percent: 50, action: "block" as const }, { percent: 70 }];
  const made = await createBudget(admin, body({ project: null, unpriced, thresholds }));
  const version = await readPolicyVersion(db);
  for (const same of [
    {},
    { name: made.name },
    { limit_usd: "10.00", unpriced: { usd_per_mtok: "2.500" } },
    { thresholds: thresholds.toReversed(), limit_tokens: null },
  ]) {
    const answer = await updateBudget(admin, made.id, updateBudgetSchema.parse(same));
    expect(answer.updatedAt).toEqual(made.updatedAt);
  }
  expect(await readPolicyVersion(db)).toBe(version);
  expect(await auditOf(db, made.id)).toHaveLength(1);
  const less = [{ percent: 50 }, { percent: 70 }];
  await updateBudget(admin, made.id, updateBudgetSchema.parse({ thresholds: less }));
  expect(await readPolicyVersion(db)).toBe(version + 1);
  expect(await auditOf(db, made.id)).toHaveLength(2);
});

test("an edit that makes no whole budget is refused, and what is fixed says so", async () => {
  const { db } = runtime.postgres;
  const admin = as(await makeUser(db, "admin"));
  const { id } = await createBudget(admin, body({ project: null }));
  const wrong = (input: object) =>
    updateBudget(admin, id, updateBudgetSchema.parse(input)).then(
      () => null,
      (error: { code?: string; errors?: { path: string }[] }) => error.errors?.[0]?.path,
    );
  expect(await wrong({ limit_usd: null })).toBe("limit_usd");
  expect(await wrong({ action: "throttle" })).toBe("throttle_per_minute");
  expect(await wrong({ action: "reroute" })).toBe("reroute_to");
  expect(await wrong({ mode: "strict" })).toBe("unpriced");
  expect(await wrong({ mode: "strict", unpriced: "block" })).toBeNull();
  for (const fixed of ["project", "scope", "value", "window", "tz", "week_start", "month_day"]) {
    const parsed = updateBudgetSchema.safeParse({ [fixed]: null });
    expect(parsed.error?.issues[0]).toMatchObject({
      path: [fixed],
      message: expect.stringContaining("make a new budget"),
    });
  }
  expect(updateBudgetSchema.safeParse({}).success).toBe(true);
});

test("a removed budget leaves the policy and the list, keeps its figures, and is removed once", async () => {
  const { db } = runtime.postgres;
  const admin = await makeUser(db, "admin");
  const project = await makeProject(db);
  const { id } = await createBudget(as(admin), body({ project: project.slug }));
  expect((await readPolicy(db)).budgets.map((one) => one.id)).toContain(id);
  const version = await readPolicyVersion(db);
  await archiveBudget(as(admin), id);
  await archiveBudget(as(admin), id);
  expect(await readPolicyVersion(db)).toBe(version + 1);
  expect((await readPolicy(db)).budgets.map((one) => one.id)).not.toContain(id);
  const listed = async (hasArchived: boolean) =>
    (await listBudgets(await reader(admin), { hasArchived })).budgets.map((one) => one.id);
  expect(await listed(false)).not.toContain(id);
  expect(await listed(true)).toContain(id);
  expect(await findBudget(as(admin), id)).toMatchObject({ archived_at: expect.any(String) });
  await expect(updateBudget(as(admin), id, { name: "x" })).rejects.toMatchObject({
    code: "not_found",
  });
  expect((await auditOf(db, id)).map(({ action }) => action)).toEqual([
    "budget.create",
    "budget.archive",
  ]);
});

test("a period before is told with the limit of its end, and what was refused by hour", async () => {
  const { db } = runtime.postgres;
  const admin = await makeUser(db, "admin");
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const { id } = await createBudget(as(admin), body({ project: null, tz: "UTC" }));
  await updateBudget(as(admin), id, { limit_usd: "20" });
  const nowMs = Date.now();
  const dayMs = 86_400_000;
  const today = Math.floor(nowMs / dayMs) * dayMs;
  await count(id);
  const at = { budgetId: id, generation: 1 };
  await addToBudgetCounters(db, [
    { ...at, period: periodName(today - dayMs), value: "a", spentUsd: "5" },
    { ...at, period: periodName(today - dayMs), value: "b", spentUsd: "8" },
    { ...at, period: periodName(today), value: "a", spentUsd: "1" },
  ]);
  const refusal = (projectId: string, message: string) => ({
    projectId,
    hour: new Date(nowMs - (nowMs % 3_600_000)),
    sourceId: id,
    code: "budget_exceeded",
    value: "a",
    calls: 3n,
    estimatedUsd: "1.50",
    lastAt: new Date(nowMs),
    message,
  });
  await db.insert(refusals).values([refusal(own.id, "no more"), refusal(foreign.id, "theirs")]);
  const whole = await findWholeBudget(as(admin), id, nowMs);
  expect(whole.spent?.usd).toBe("1");
  expect(whole.history).toMatchObject([
    { value: "b", spent: { usd: "8" }, limit_usd: "10", used_percent: 80, values_count: 2 },
  ]);
  expect(whole.refusals).toHaveLength(2);
  const local = await findWholeBudget(as(await makeUser(db, "viewer", own.id)), id, nowMs);
  expect(local.values).toEqual([]);
  expect(local.history).toMatchObject([{ value: null, spent: { usd: "8" } }]);
  expect(local.refusals).toMatchObject([
    { project: own.slug, calls: 3, estimated_usd: "1.5", message: "no more", value: "a" },
  ]);
});
