import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { suggestionsSchema } from "@/lib/budgets/budget-answer-schemas";
import { createBudgetSchema } from "@/lib/budgets/budget-schemas";
import { suggestBudgets } from "@/lib/budgets/suggest-budgets";
import { chooseSuggestedBudget } from "@/lib/budgets/suggested-budget";
import { divideHalfEven, formatUsd } from "@/lib/money";
import { resolveProjects } from "@/lib/projects/resolve-projects";
import { openTestStores } from "@/lib/testing/open-test-stores";
import { makeProject, makeUser, type TestRuntime } from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestStores();
});
afterAll(() => runtime.close());
const NOW = Date.now();

/** A project whose tasks are these. */
async function projectWith(rows: readonly object[]) {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const calls = rows.map((given) =>
    makeCallRow({ atMs: NOW - 3_600_000, project_id: project.id, ...given }),
  );
  await runtime.clickhouse.insertLines("llm_calls", toLines(calls));
  const viewer = await makeUser(db, "viewer", project.id);
  const projects = await resolveProjects(db, viewer, null, "budgets.read");
  const answer = suggestionsSchema.parse(
    await suggestBudgets({ clickhouse: runtime.clickhouse, projects }, NOW),
  );
  return { project, answer };
}
const task = (number: number, cost_usd: string | null, given: object = {}) => ({
  task: `t-${number}`,
  task_type: "triage",
  agent: "sorter",
  trace_id: `trace-${number}`,
  cost_usd,
  ...(cost_usd === null ? { cost_status: "unpriced" } : {}),
  ...given,
});

test("three times the median of whole tasks, exactly, with how they are spread", async () => {
  const rows = Array.from({ length: 20 }, (_, i) => [
    // Two calls each: 0.1, 0.2, … and the smallest amount there is.
    task(i, `0.${String(i + 1).padStart(2, "0")}`),
    task(i, "0.000000000000001"),
  ]).flat();
  const { project, answer } = await projectWith([
    ...rows,
    task(99, "5"),
    task(99, null),
    task(98, "1", { task: "" }),
    task(97, "1", { atMs: NOW - 31 * 86_400_000 }),
  ]);
  expect(answer.suggestions).toHaveLength(1);
  const [one] = answer.suggestions;
  expect(one).toMatchObject({
    project: project.slug,
    agent: "sorter",
    task_type: "triage",
    tasks: 20,
    unknown_costs: 1,
    p50_usd: "0.105000000000001",
    max_usd: "0.200000000000001",
    limit_usd: "0.315000000000003",
    over_limit_tasks: 0,
    is_enough: true,
  });
  expect(one?.histogram).toHaveLength(11);
  expect(one?.histogram.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(20);
  const budget = createBudgetSchema.parse(one?.budget);
  expect(budget).toMatchObject({
    project: project.slug,
    scope: "task_type",
    value: "triage",
    window: "trace",
    limit_usd: "0.315000000000003",
  });
});

test("the median is exact for odd and even counts, to 1e-15 with halves to even, as is what costs more than the limit", async () => {
  await fc.assert(
    fc.asyncProperty(
      // Small ones so that many lie at the limit, one that no float holds.
      fc.array(fc.oneof(fc.bigInt(0n, 12n), fc.bigInt(10n ** 30n, 10n ** 30n + 3n)), {
        minLength: 10,
        maxLength: 15,
      }),
      async (costs) => {
        const { answer } = await projectWith(costs.map((cost, i) => task(i, formatUsd(cost))));
        const sorted = costs.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
        const at = (index: number) => sorted[Math.floor(index)] ?? 0n;
        const both = at((costs.length - 1) / 2) + at(costs.length / 2);
        const median = divideHalfEven(both, 2n);
        const dearer = costs.filter((cost) => cost > median * 3n).length;
        expect(answer.suggestions).toMatchObject([
          { p50_usd: formatUsd(median), over_limit_tasks: median > 0n ? dearer : null },
        ]);
      },
    ),
    { numRuns: 15 },
  );
});

test("too few tasks and free ones get no limit, and say how many there are", async () => {
  const few = Array.from({ length: 9 }, (_, i) => task(i, "1"));
  const free = Array.from({ length: 12 }, (_, i) => task(i, "0", { agent: "local" }));
  const { answer } = await projectWith([...few, ...free]);
  expect(answer.minimum_tasks).toBe(10);
  expect(answer.suggestions).toMatchObject([
    { agent: "local", tasks: 12, is_enough: true, limit_usd: null, budget: null },
    { agent: "sorter", tasks: 9, is_enough: false, limit_usd: null, over_limit_tasks: null },
  ]);
  expect(answer.suggestions[0]?.histogram.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(12);
});

test("the histogram counts each task once, wherever its edges lie", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 40 }),
      async (costs) => {
        const { answer } = await projectWith(costs.map((cost, i) => task(i, String(cost))));
        const [one] = answer.suggestions;
        const counted = one?.histogram.reduce((sum, { tasks }) => sum + tasks, 0);
        expect(counted).toBe(costs.length);
        for (const [part, { from_usd, to_usd, tasks }] of (one?.histogram ?? []).entries()) {
          const isIn = (cost: number) =>
            cost > Number(from_usd) ? part === 10 || cost <= Number(to_usd) : part + cost === 0;
          expect(tasks).toBe(costs.filter(isIn).length);
        }
      },
    ),
    { numRuns: 15 },
  );
});

test("without traces it is by session, without either each task by itself, and it can always be kept", () => {
  const kind = {
    project: "p",
    agent: "a",
    taskType: "t",
    limitFemtoUsd: 3n * 10n ** 15n,
    hasTraces: true,
    hasSessions: true,
  };
  const other = { ...kind, agent: "b", limitFemtoUsd: 9n * 10n ** 15n };
  const choose = (given: object, others: (typeof kind)[] = []) => {
    const one = { ...kind, ...given };
    return createBudgetSchema.parse(chooseSuggestedBudget(one, [one, ...others]));
  };
  expect(choose({ hasTraces: false })).toMatchObject({ scope: "task_type", window: "session" });
  expect(choose({ hasTraces: false, hasSessions: false }, [other])).toMatchObject({
    scope: "task",
    value: "*",
    window: "month",
    limit_usd: "9",
  });
  // Another agent's share of such a task would count too.
  expect(choose({}, [other])).toMatchObject({ scope: "agent", value: "a", limit_usd: "3" });
  const dearer = { ...kind, taskType: "u", limitFemtoUsd: 5n * 10n ** 15n };
  expect(choose({}, [other, dearer])).toMatchObject({ scope: "agent", value: "a", limit_usd: "5" });
  expect(choose({ taskType: "", agent: "" })).toMatchObject({ scope: "agent", value: null });
  expect(choose({}, [{ ...other, project: "q" }])).toMatchObject({ scope: "task_type" });
});

test("the limits of a session are offered as a budget that can be kept", async () => {
  const { project, answer } = await projectWith([]);
  expect(answer.suggestions).toEqual([]);
  expect(createBudgetSchema.parse(answer.session_defaults.budget)).toMatchObject({
    project: project.slug,
    scope: "session",
    value: "*",
    window: "session",
    limit_tokens: 20_000,
    limit_tool_calls: 15,
    limit_usd: "0.50",
    limit_seconds: 120,
  });
});
