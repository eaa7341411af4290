import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { createBudgetSchema, updateBudgetSchema } from "@/lib/budgets/budget-schemas";
import { createBudget } from "@/lib/budgets/create-budget";
import { findBudget } from "@/lib/budgets/find-budget";
import { updateBudget } from "@/lib/budgets/update-budget";
import { waitUntilCounted } from "@/lib/budgets/wait-until-counted";
import { makeUser } from "@/lib/testing/test-runtime";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());
const PATIENCE = { timeout: 20_000, interval: 50 };

test("a budget made in its period has what was spent before; another price of unpriced calls counts all of it anew", async () => {
  const { db } = ingest.postgres;
  const admin = { actor: await makeUser(db, "admin"), db, requestId: null };
  const context = { ...admin, env: { timeZone: "UTC" } };
  const send = (agent: string) =>
    ingest.post({
      provider: "nobody",
      model: "no-price-of-it",
      agent,
      usage: { input_tokens: 1_000_000, output_tokens: 500_000 },
    });
  await send("a");
  const body = { name: "n", scope: "agent", value: "*", window: "month", limit_usd: "100" };
  const { id } = await createBudget(context, createBudgetSchema.parse(body));
  await waitUntilCounted(db, { wake: () => undefined, waitMs: 20_000 }, id);
  const counted = await findBudget(admin, id);
  expect(counted).toMatchObject({
    state: "ok",
    unknown_costs: 1,
    spent: { usd: "0", tokens: 1_500_000, calls: 1 },
  });
  const change = (unpriced: unknown) =>
    updateBudget(admin, id, updateBudgetSchema.parse({ unpriced }));
  // Told or refused, it counts the same.
  expect(await change("block")).toMatchObject({ nextGeneration: null });
  // The second comes before the counters of the first are built.
  expect(await change({ usd_per_mtok: "9" })).toMatchObject({ nextGeneration: 2 });
  await change({ usd_per_mtok: "2" });
  await send("a");
  await expect
    .poll(async () => (await findBudget(admin, id)).spent, PATIENCE)
    .toMatchObject({ usd: "6", tokens: 3_000_000, calls: 2 });
  expect(await findBudget(admin, id)).toMatchObject({ unknown_costs: 0, state: "ok" });
  await expect
    .poll(async () => (await updateBudget(admin, id, {})).nextGeneration, PATIENCE)
    .toBeNull();
});
