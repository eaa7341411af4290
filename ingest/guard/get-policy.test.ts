import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import { changePolicyVersion } from "@/db/queries/policy";
import { updateProjectRow } from "@/db/queries/projects";
import { killSwitches } from "@/db/schema/kill-switches";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { calendarPeriodOf, periodName } from "@/lib/budgets/budget-period";
import { type PolicyAnswer, policyAnswerSchema } from "@/lib/policy/policy-schemas";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { makeBudget } from "@/lib/testing/test-budgets";

const DAY = { window: "day", timeZone: "UTC", weekStart: 1, monthDay: 1 } as const;
const today = () => periodName(calendarPeriodOf(DAY, Date.now())?.startMs ?? 0);

async function ask(
  ingest: TestIngest,
  query: string,
  options: { key?: string; etag?: string } = {},
) {
  const { status, body, headers } = await ingest.post(null, {
    path: "/v1/policy",
    method: "GET",
    query: query && `?${query}`,
    key: options.key ?? (await ingest.makeKey({ scopes: ["guard"] })),
    headers: options.etag ? { "if-none-match": options.etag } : {},
  });
  const policy = status === 200 ? policyAnswerSchema.parse(body) : null;
  return { status, policy, body, etag: headers.get("etag") ?? "", headers };
}
const namesOf = (policy: PolicyAnswer | null) => policy?.budgets.map(({ name }) => name).sort();

async function engage(ingest: TestIngest, given: Partial<typeof killSwitches.$inferInsert>) {
  await ingest.postgres.db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    await tx.insert(killSwitches).values({
      scope: "agent",
      projectId: ingest.projectIds.default,
      value: "planner",
      engagedAt: new Date(),
      engagedBy: "Ada",
      reason: "a loop",
      ...given,
    });
  });
}

describe("on its own store", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await openTestIngest();
  });
  afterAll(() => ingest.close());

  test("an agent is told what binds its calls, with the figures of its own values", async () => {
    const { db } = ingest.postgres;
    const projectId = ingest.projectIds.default;
    const each = await makeBudget(db, { name: "each", projectId, scope: "agent", value: "*" });
    await makeBudget(db, { name: "by user", projectId, scope: "user", value: "u-1" });
    await makeBudget(db, { name: "everything", mode: "strict", limitTokens: 100n });
    await makeBudget(db, {
      name: "theirs",
      projectId: ingest.projectIds.other,
      scope: "agent",
      value: "*",
    });
    const at = { budgetId: each.id, generation: 1, period: today() };
    await addToBudgetCounters(db, [
      { ...at, value: "planner", spentUsd: "900.000000000000001", reservedUsd: "2.5" },
      { ...at, value: "other", spentUsd: "7" },
    ]);
    const { policy } = await ask(ingest, "agent=planner");
    expect(namesOf(policy)).toEqual(["each", "everything"]);
    expect(policy?.not_asked).toEqual(["user"]);
    expect(policy).toMatchObject({ degraded: false, ttl_seconds: 5, fail_mode: "closed" });
    expect(policy?.budgets.find(({ name }) => name === "each")).toEqual({
      id: each.id,
      name: "each",
      scope: "agent",
      value: "planner",
      window: "day",
      mode: "enforce",
      state: "warning",
      action: "block",
      reroute_to: null,
      throttle_per_minute: null,
      thresholds: [],
      acts: true,
      resets_at: new Date(calendarPeriodOf(DAY, Date.now())?.endMs ?? 0).toISOString(),
      limits: { usd: "1000", tokens: null, calls: null, tool_calls: null, seconds: null },
      spent: { usd: "900.000000000000001", tokens: 0, calls: 0, tool_calls: 0, seconds: 0 },
      reserved: { usd: "2.5", tokens: 0, calls: 0, tool_calls: 0, seconds: 0 },
    });
    const empty = await ask(ingest, "agent=&user=u-1");
    expect(empty.policy?.budgets.find(({ name }) => name === "each")).toMatchObject({
      value: null,
      spent: { usd: "0" },
    });
    expect(namesOf(empty.policy)).toEqual(["by user", "each", "everything"]);
    expect(empty.policy?.not_asked).toEqual([]);
  });

  test("nothing changed is 304; what is spent changes the tag and not the version; a switch moves both at once", async () => {
    const { db } = ingest.postgres;
    const key = await ingest.makeKey({ scopes: ["guard"] });
    const budget = await makeBudget(db, {
      name: "moving",
      projectId: ingest.projectIds.default,
      scope: "feature",
      value: "chat",
    });
    const first = await ask(ingest, "agent=a&feature=chat&user=", { key });
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const again = await ask(ingest, "agent=a&feature=chat&user=", { key, etag: first.etag });
    expect(again).toMatchObject({ status: 304, body: null, etag: first.etag });
    const weak = `"another", W/${first.etag}`;
    expect(await ask(ingest, "agent=a&feature=chat&user=", { key, etag: weak })).toMatchObject({
      status: 304,
    });
    const spent = { budgetId: budget.id, generation: 1, value: "chat", period: today() };
    await addToBudgetCounters(db, [{ ...spent, spentUsd: "1" }]);
    const moved = await ask(ingest, "agent=a&feature=chat&user=", { key, etag: first.etag });
    expect(moved.status).toBe(200);
    expect(moved.policy?.version).toBe(first.policy?.version);
    await engage(ingest, { value: "a" });
    const stopped = await ask(ingest, "agent=a&feature=chat&user=", { key, etag: moved.etag });
    expect(stopped.policy?.version).toBe((first.policy?.version ?? 0) + 1);
    expect(stopped.policy?.kill_switches).toMatchObject([
      { scope: "agent", value: "a", reason: "a loop", engaged_by: "Ada", until: null },
    ]);
    expect((await ask(ingest, "agent=b", { key })).policy?.kill_switches).toEqual([]);
    expect((await ask(ingest, "", { key })).policy?.kill_switches).toHaveLength(1);
  });

  test("two projects never see each other's policy; the project's own fail mode is told", async () => {
    await engage(ingest, { projectId: ingest.projectIds.other, scope: "project", value: null });
    const key = await ingest.makeKey({ scopes: ["guard"], project: "other" });
    const other = await ask(ingest, "agent=planner&user=&feature=", { key });
    expect(namesOf(other.policy)).toEqual(["everything", "theirs"]);
    expect(other.policy?.kill_switches).toMatchObject([{ scope: "project", value: "other" }]);
    const own = await ask(ingest, "agent=planner");
    expect(own.policy?.kill_switches).toEqual([]);
    expect((await ask(ingest, "project=other")).status).toBe(403);
    await ingest.postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      await updateProjectRow(tx, ingest.projectIds.default, { failMode: "open" });
    });
    expect((await ask(ingest, "agent=planner")).policy?.fail_mode).toBe("open");
  });

  test("it takes a key with the scope guard, and parameters that are known and given once", async () => {
    const reading = await ingest.makeKey({ scopes: ["read", "ingest", "admin"] });
    expect((await ask(ingest, "", { key: reading })).status).toBe(403);
    expect((await ask(ingest, "", { key: "nobody" })).status).toBe(401);
    for (const query of ["agnet=a", "agent=a&agent=b", `agent=${"x".repeat(257)}`])
      expect((await ask(ingest, query)).status).toBe(400);
    expect((await ingest.post({}, { path: "/v1/policy" })).status).toBe(405);
  });
});

test("while PostgreSQL is away a switch stays engaged and no figure is known", async () => {
  const store = await openTestPostgres();
  let isAway = false;
  // The network's far end: a driver that finds nobody.
  const db = new Proxy(store.db, {
    get(target, name) {
      if (isAway) throw Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const ingest = await openTestIngest({ postgres: { ...store, db }, drainMs: 0 });
  onTestFinished(async () => {
    isAway = false;
    await ingest.close();
  });
  await makeBudget(store.db, { name: "cap", mode: "strict" });
  await engage(ingest, {});
  const key = await ingest.makeKey({ scopes: ["guard"] });
  expect((await ask(ingest, "agent=planner", { key })).policy?.degraded).toBe(false);
  isAway = true;
  expect((await ask(ingest, "agent=planner", { key })).policy).toMatchObject({
    degraded: true,
    fail_mode: "closed",
    kill_switches: [{ scope: "agent", value: "planner" }],
    budgets: [{ name: "cap", state: null, spent: null, reserved: null }],
  });
  isAway = false;
  expect((await ask(ingest, "agent=planner", { key })).policy).toMatchObject({ degraded: false });
});
