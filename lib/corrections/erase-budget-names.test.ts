import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import { insertCorrection } from "@/db/queries/corrections";
import { alertSnoozes, alerts } from "@/db/schema/alerts";
import { refusals } from "@/db/schema/budgets";
import { runCorrection } from "@/lib/corrections/run-correction";
import {
  openTestCorrections,
  type TestCorrections,
} from "@/lib/corrections/testing/open-test-corrections";
import {
  countersOf,
  makeBudget,
  makeHold,
  makeReservation,
  readReservation,
} from "@/lib/testing/test-budgets";

let kit: TestCorrections;
const NOON = Date.parse("2026-11-10T12:00:00Z");
beforeAll(async () => {
  kit = await openTestCorrections();
  await kit.job.close();
});
afterAll(() => kit.close());

test("an erased name stands in no counter, ended reservation or refusal of its project; dollars stay", async () => {
  const project = await kit.makeProject();
  const { db } = kit;
  const budget = await makeBudget(db, { projectId: project.id, scope: "user", value: "*" });
  const sessions = await makeBudget(db, {
    projectId: project.id,
    scope: "global",
    window: "session",
  });
  const period = "2026-11-10T00:00:00Z";
  const figures = { spentUsd: "0.001", spentTokens: "110", spentCalls: "1" };
  const unreserved = { unreservedUsd: "0.001", unreservedEvents: "1" };
  const key = { budgetId: budget.id, generation: 1, period };
  await addToBudgetCounters(db, [
    { ...key, value: "mallory", ...figures, ...unreserved },
    { ...key, value: "bob", ...figures },
    { budgetId: sessions.id, generation: 1, value: "", period: "hers", ...figures },
  ]);
  await kit.send(project, [
    { id: "one", atMs: NOON, user: "mallory", session: "hers" },
    { id: "two", atMs: NOON, user: "bob" },
  ]);
  const hold = makeHold(budget.id, { value: "mallory", period });
  const named = { user: "mallory", session: "hers" };
  const ended = { ...named, state: "settled", endedAt: new Date(NOON) };
  const settled = await makeReservation(db, project.id, [], { ...ended, holds: [hold] });
  const refusal = {
    projectId: project.id,
    hour: new Date(NOON),
    sourceId: budget.id,
    code: "budget_exhausted",
    calls: 2n,
    lastAt: new Date(NOON),
    message: "mallory has spent it all",
  };
  await db.insert(refusals).values([
    { ...refusal, value: "mallory" },
    { ...refusal, value: "(erased)" },
    { ...refusal, value: "mallory", sourceId: sessions.id },
  ]);
  const { id } = await insertCorrection(db, {
    kind: "erase",
    projectIds: [project.id],
    fromUs: (NOON - 86_400_000) * 1000,
    toUs: (NOON + 86_400_000) * 1000,
    filters: [{ dimension: "user", values: ["mallory"] }],
    reason: "asked for",
    authorType: "system",
    authorId: "test",
    authorName: "A test",
  });
  await runCorrection(kit.runtime, id);
  expect(await countersOf(db, budget.id)).toEqual([
    { value: "(erased)", period, ...figures, ...unreserved },
    { value: "bob", period, ...figures },
  ]);
  expect(await countersOf(db, sessions.id)).toEqual([
    { value: "", period: "(erased)", ...figures },
  ]);
  expect(await readReservation(db, settled)).toMatchObject({
    user: "(erased)",
    session: "(erased)",
    holds: [],
  });
  const rows = await db.select().from(refusals).where(eq(refusals.projectId, project.id));
  expect(rows.find(({ value }) => value === "(erased)")).toMatchObject({ calls: 4n });
  // Of a budget that is by something else: there it is another thing's name.
  expect(rows.filter(({ value }) => value === "mallory")).toMatchObject([
    { sourceId: sessions.id },
  ]);
});

test("an erased name stands in no alert and no snooze of its project, whatever it was told of; what is left says as much", async () => {
  const [project, other] = [await kit.makeProject(), await kit.makeProject()];
  const { db } = kit;
  const of = (projectId: string, given: object) => makeBudget(db, { projectId, ...given });
  const users = await of(project.id, { scope: "user", value: "*" });
  const sessions = await of(project.id, { scope: "global", window: "session" });
  const agents = await of(project.id, { scope: "agent", value: "*" });
  const foreign = await of(other.id, { scope: "user", value: "*" });
  const period = "2026-11-10T00:00:00Z";
  const figures = { spentUsd: "0.001", spentTokens: "110", spentCalls: "1" };
  await addToBudgetCounters(db, [
    { budgetId: users.id, generation: 1, value: "trudy", period, ...figures },
    { budgetId: sessions.id, generation: 1, value: "", period: "with-trudy", ...figures },
  ]);
  await kit.send(project, [{ id: "three", atMs: NOON, user: "trudy", session: "with-trudy" }]);
  const alert = (budgetId: string, value: string, at: string, projectId = project.id) => ({
    kind: "unreserved",
    key: `unreserved:${budgetId}:${value}:${at}`,
    subject: `budget:${budgetId}:${value}`,
    projectId,
    budgetId,
    value,
    period: at,
    facts: { kind: "unreserved", budget_name: "b", usd: "1", events: 1, period: at },
  });
  await db.insert(alerts).values([
    alert(users.id, "trudy", period),
    // Of a period whose calls are gone.
    alert(users.id, "trudy", "2020-01-01T00:00:00Z"),
    alert(sessions.id, "", "with-trudy"),
    alert(agents.id, "trudy", period),
    alert(foreign.id, "trudy", period, other.id),
  ]);
  const snooze = { until: new Date(), by: "somebody" };
  await db.insert(alertSnoozes).values([
    { subject: `budget:${users.id}:trudy`, ...snooze },
    { subject: `budget:${agents.id}:trudy`, ...snooze },
  ]);
  const { id } = await insertCorrection(db, {
    kind: "erase",
    projectIds: [project.id],
    fromUs: (NOON - 86_400_000) * 1000,
    toUs: (NOON + 86_400_000) * 1000,
    filters: [{ dimension: "user", values: ["trudy"] }],
    reason: "asked for",
    authorType: "system",
    authorId: "test",
    authorName: "A test",
  });
  await runCorrection(kit.runtime, id);
  const told = async (budgetId: string) =>
    (await db.select().from(alerts).where(eq(alerts.budgetId, budgetId))).map((row) => [
      row.value,
      row.period,
      row.subject.replace(budgetId, ""),
      JSON.stringify([row.key, row.facts]).includes("trudy"),
    ]);
  expect(await told(users.id)).toEqual([
    ["(erased)", expect.any(String), "budget::(erased)", false],
    ["(erased)", expect.any(String), "budget::(erased)", false],
  ]);
  expect(await told(sessions.id)).toEqual([["", "(erased)", "budget::", false]]);
  // There it is another thing's name, and another project's.
  expect(await told(agents.id)).toMatchObject([["trudy", period, "budget::trudy", true]]);
  expect(await told(foreign.id)).toMatchObject([["trudy", period, "budget::trudy", true]]);
  const left = await db.select().from(alertSnoozes);
  expect(left.map(({ subject }) => subject)).toEqual([`budget:${agents.id}:trudy`]);
});
