import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addToBudgetCounters, listBudgetCounters } from "@/db/queries/budget-counters";
import { readPolicyVersion } from "@/db/queries/policy";
import { alerts } from "@/db/schema/alerts";
import type { Actor } from "@/lib/auth/actor";
import { calendarPeriodOf, periodName } from "@/lib/budgets/budget-period";
import { createBudgetSchema, updateBudgetSchema } from "@/lib/budgets/budget-schemas";
import { createBudget } from "@/lib/budgets/create-budget";
import { findBudget } from "@/lib/budgets/find-budget";
import { findWholeBudget } from "@/lib/budgets/find-whole-budget";
import { ESCALATION_TEMPLATE } from "@/lib/budgets/stages";
import { unlockBudget } from "@/lib/budgets/unlock-budget";
import { updateBudget } from "@/lib/budgets/update-budget";
import { openTestDesk } from "@/lib/reservations/testing/open-test-desk";
import { auditOf } from "@/lib/testing/audit-of";
import { makeBudget, type TestBudget } from "@/lib/testing/test-budgets";
import {
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

const MONTHLY = { window: "month", timeZone: "UTC", weekStart: 1, monthDay: 1 } as const;
const THIS_MONTH = periodName(calendarPeriodOf(MONTHLY, Date.now())?.startMs ?? 0);
const as = (actor: Actor) => ({ actor, db: runtime.postgres.db, requestId: "r-1" });

/** A project with a budget by agent, of $100 a month, and somebody who may do everything. */
async function start(given: TestBudget = {}) {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const budget = await makeBudget(db, {
    projectId: project.id,
    scope: "agent",
    value: "*",
    window: "month",
    limitUsd: "100",
    thresholds: [...ESCALATION_TEMPLATE],
    ...given,
  });
  const admin = await makeUser(db, "admin");
  const spend = (value: string, spentUsd: string, period = THIS_MONTH) =>
    addToBudgetCounters(db, [{ budgetId: budget.id, generation: 1, value, period, spentUsd }]);
  const change = (input: object) =>
    updateBudget(as(admin), budget.id, updateBudgetSchema.parse(input));
  const told = async () =>
    (
      await db
        .select()
        .from(alerts)
        .where(eq(alerts.budgetId, budget.id))
        .orderBy(asc(alerts.limitRevision), asc(alerts.value), asc(alerts.percent))
    ).map(
      ({ value, percent, limitRevision, resolvedAt }) =>
        `${limitRevision}: ${value} ${Number(percent)}${resolvedAt ? " over" : ""}`,
    );
  const locked = async () =>
    (await findWholeBudget(as(admin), budget.id)).values.flatMap(({ value, locked, state }) =>
      locked ? [`${value} ${locked.percent} ${state}`] : [],
    );
  const ask = async (agent: string, usd = "0.01") => {
    const desk = openTestDesk(db);
    const answer = await desk.reserve(project.id, { agent, estimated_cost_usd: usd });
    await desk.close();
    return answer.decision === "block" ? answer.reasons.map(({ code }) => code) : answer.decision;
  };
  return { db, project, budget, admin, spend, change, told, locked, ask };
}

test("a lowered limit tells what is past it at once, locks, and its revision is in the audit", async () => {
  const { db, budget, spend, change, told, locked, ask } = await start();
  await spend("a", "60");
  await spend("b", "10");
  await spend("c", "990", "2020-01-01T00:00:00Z");
  await change({ name: "Renamed", limit_usd: "100.00" });
  expect([await told(), await locked()]).toEqual([[], []]);
  await change({ limit_usd: "50" });
  expect(await told()).toEqual(["2: a 70", "2: a 100", "2: a 120"]);
  expect(await locked()).toEqual(["a 120 locked"]);
  expect([await ask("a"), await ask("b")]).toEqual([["budget_locked"], "allow"]);
  expect((await auditOf(db, budget.id)).map(({ after }) => after)).toMatchObject([
    { limit_revision: 1 },
    { limit_revision: 2, limit_usd: "50" },
  ]);
});

test("a raised limit opens the period: what was told is over, what was locked is open, and it tells anew", async () => {
  const { db, budget, spend, change, told, locked, ask } = await start();
  await spend("a", "130");
  await change({ limit_usd: "90" });
  expect(await locked()).toEqual(["a 120 locked"]);
  await change({ limit_usd: "150" });
  expect(await told()).toEqual([
    "2: a 70 over",
    "2: a 100 over",
    "2: a 120 over",
    // 86 % of the new limit.
    "3: a 70",
  ]);
  expect(await locked()).toEqual([]);
  expect(await ask("a")).toBe("allow");
  expect((await auditOf(db, budget.id)).at(-1)).toMatchObject({
    after: { limit_revision: 3, unlocked: 1 },
  });
});

test("a stage that is added tells and locks what is past it; the ones before are not told again", async () => {
  const { spend, change, told, locked } = await start({ thresholds: [] });
  await spend("a", "85");
  await change({ thresholds: [{ percent: 70 }] });
  await change({ thresholds: [{ percent: 70 }, { percent: 80, action: "lockout" }] });
  await change({ owner: "somebody" });
  expect(await told()).toEqual(["1: a 70", "1: a 80"]);
  expect(await locked()).toEqual(["a 80 locked"]);
  // It never refuses, so it cannot be locked; back again it is not locked by what was before.
  await change({ mode: "observe", thresholds: [{ percent: 70 }] });
  expect(await locked()).toEqual([]);
  await change({ mode: "enforce" });
  expect(await locked()).toEqual([]);
});

test("an admin unlocks with a reason; that stage does not act again, a later one does, and strict still holds", async () => {
  const stages = [
    { percent: 100, notify: [], action: "lockout" },
    { percent: 120, notify: [], action: "lockout" },
  ];
  const { db, budget, admin, spend, change, locked, ask } = await start({ thresholds: stages });
  await spend("a", "101");
  await change({ limit_usd: "99" });
  const version = await readPolicyVersion(db);
  await unlockBudget(as(admin), budget.id, { reason: "Launch day" });
  expect(await readPolicyVersion(db)).toBe(version + 1);
  expect(await locked()).toEqual([]);
  expect(await ask("a")).toBe("allow");
  // An edit looks at all counters again: what was opened stays open.
  await change({ owner: "somebody" });
  expect(await locked()).toEqual([]);
  expect(await ask("a", "30")).toEqual(["budget_exceeded"]);
  await spend("a", "20");
  await change({ owner: "else" });
  expect(await locked()).toEqual(["a 120 locked"]);
  await unlockBudget(as(admin), budget.id, { reason: "Launch night", value: "a" });
  expect(await ask("a", "1000")).toBe("allow");
  await change({ mode: "strict", unpriced: "block" });
  expect(await ask("a")).toEqual(["budget_exceeded"]);
  expect(await auditOf(db, budget.id)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        action: "budget.unlock",
        before: { locked_at: expect.any(String), percent: 100 },
        after: { reason: "Launch day", value: "a", period: THIS_MONTH },
      }),
    ]),
  );
  const { changes } = await findWholeBudget(as(admin), budget.id);
  expect(changes.map(({ at: _, by: __, ...change }) => change)).toMatchObject([
    { kind: "updated", changed: ["mode", "unpriced"], opens_period: false },
    { kind: "unlocked", reason: "Launch night", value: "a", period: THIS_MONTH },
    { kind: "updated", changed: ["owner"] },
    { kind: "updated", changed: ["owner"] },
    { kind: "unlocked", reason: "Launch day", value: "a" },
    { kind: "updated", changed: ["limit_usd"], opens_period: true },
  ]);
  expect(changes[1]?.by).toContain("@");
});

test("unlocking refuses a viewer, finance and an engineer, the admin of another project, and what is not locked", async () => {
  const { db, project, budget, admin, spend, change, locked } = await start();
  const unlock = (actor: Actor, input: object = {}) =>
    unlockBudget(as(actor), budget.id, { reason: "r", ...input });
  await expect(unlock(admin)).rejects.toMatchObject({ code: "conflict" });
  await spend("a", "130");
  await change({ limit_usd: "99" });
  for (const role of ["viewer", "finance", "engineer"] as const) {
    const somebody = await makeUser(db, role, project.id);
    await expect(unlock(somebody)).rejects.toMatchObject({ code: "forbidden" });
  }
  const foreign = await makeUser(db, "admin", (await makeProject(db)).id);
  await expect(unlock(foreign)).rejects.toMatchObject({ code: "not_found" });
  await expect(unlock(admin, { value: "b" })).rejects.toMatchObject({ code: "conflict" });
  expect(await locked()).toHaveLength(1);
  await spend("", "130");
  await change({ limit_usd: "98" });
  await expect(unlock(admin)).rejects.toMatchObject({
    code: "unprocessable",
    errors: [{ path: "value" }],
  });
  await unlock(admin, { value: "(untagged)" });
  expect(await locked()).toEqual(["a 120 locked"]);
  await unlock(await makeUser(db, "admin", project.id));
  await expect(unlock(admin)).rejects.toMatchObject({ code: "conflict" });
});

test("the admin of one project does not unlock what binds every project", async () => {
  const { db, project, budget, spend, change } = await start({ projectId: null });
  await spend("a", "130");
  await change({ limit_usd: "99" });
  const own = await makeUser(db, "admin", project.id);
  await expect(unlockBudget(as(own), budget.id, { reason: "r" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await change({ limit_usd: "9999" });
});

test("a locked value is answered first, with the stage and when it opens by itself", async () => {
  const { budget, admin, spend, change } = await start();
  await spend("a", "130");
  await change({ limit_usd: "99" });
  // Voided since, and another one is nearer its limit now.
  await spend("a", "-129");
  await spend("b", "97");
  const endMs = calendarPeriodOf(MONTHLY, Date.now())?.endMs ?? 0;
  expect(await findBudget(as(admin), budget.id)).toMatchObject({
    state: "locked",
    nearest_value: "a",
    used_percent: 1,
    locked: { at: expect.any(String), percent: 120, until: new Date(endMs).toISOString() },
  });
});

test("stages of thousands of values are told in one change of the limit", async () => {
  const { db, budget, change } = await start({ thresholds: [{ percent: 50, notify: [] }] });
  await addToBudgetCounters(
    db,
    Array.from({ length: 2_500 }, (_, at) => ({
      budgetId: budget.id,
      generation: 1,
      value: `a${at}`,
      period: THIS_MONTH,
      spentUsd: "60",
    })),
  );
  await change({ limit_usd: "99" });
  const found = await db
    .select({ value: alerts.value })
    .from(alerts)
    .where(eq(alerts.budgetId, budget.id));
  expect(new Set(found.map(({ value }) => value)).size).toBe(2_500);
  expect(found).toHaveLength(2_500);
  expect(await listBudgetCounters(db, { budgetId: budget.id, generation: 1 })).toHaveLength(2_500);
});

test("what cannot be is refused with its path: lockout that observes, an unknown action or audience, one named twice", async () => {
  const { admin, project } = await start();
  const make = (given: object) =>
    createBudgetSchema.safeParse({
      project: project.slug,
      name: "n",
      scope: "agent",
      value: "*",
      window: "day",
      limit_usd: "1",
      ...given,
    });
  const lockout = [{ percent: 120, action: "lockout" }];
  expect(make({ thresholds: lockout }).success).toBe(true);
  const faults = [
    [{ mode: "observe", thresholds: lockout }, "thresholds.0.action"],
    [{ thresholds: [{ percent: 70, action: "shout" }] }, "thresholds.0.action"],
    [{ thresholds: [{ percent: 70, audience: ["boss"] }] }, "thresholds.0.audience.0"],
    [{ thresholds: [{ percent: 70, audience: ["lead", "lead"] }] }, "thresholds.0.audience"],
    [{ action: "lockout" }, "action"],
  ] as const;
  for (const [given, path] of faults) {
    expect(
      make(given).error?.issues.map((issue) => issue.path.join(".")),
      path,
    ).toEqual([path]);
  }
  const body = createBudgetSchema.parse({
    project: project.slug,
    name: "n",
    scope: "agent",
    value: "*",
    window: "day",
    limit_usd: "1",
    thresholds: [{ percent: 70, audience: ["finance"] }, ...lockout],
  });
  const made = await createBudget({ ...as(admin), env: { timeZone: "UTC" } }, body);
  expect((await findBudget(as(admin), made.id)).thresholds).toEqual([
    { percent: 70, notify: [], audience: ["finance"] },
    { percent: 120, notify: [], action: "lockout" },
  ]);
  const observe = updateBudgetSchema.parse({ mode: "observe" });
  await expect(updateBudget(as(admin), made.id, observe)).rejects.toMatchObject({
    code: "unprocessable",
    errors: [{ path: "thresholds.1.action" }],
  });
});
