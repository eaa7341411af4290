import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import { insertCorrection } from "@/db/queries/corrections";
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
