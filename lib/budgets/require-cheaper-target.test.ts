import { afterAll, beforeAll, expect, test } from "vitest";
import { updateBudgetRow } from "@/db/queries/budgets";
import { createBudgetSchema, updateBudgetSchema } from "@/lib/budgets/budget-schemas";
import { createBudget } from "@/lib/budgets/create-budget";
import { updateBudget } from "@/lib/budgets/update-budget";
import { createPrice } from "@/lib/prices/create-price";
import { createPriceSchema } from "@/lib/prices/price-schemas";
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

async function setUp() {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const actor = await makeUser(db, "admin");
  const context = { actor, db, requestId: "r-1", env: { timeZone: "UTC" } };
  const make = (given: object) => {
    const place = { project: project.slug, name: "b", scope: "agent", value: "*", window: "day" };
    const rules = { limit_usd: "10", action: "reroute" };
    return createBudget(context, createBudgetSchema.parse({ ...place, ...rules, ...given }));
  };
  const change = (id: string, given: object) =>
    updateBudget(context, id, updateBudgetSchema.parse(given));
  return { db, context, project, make, change };
}
const refused = (message: string) => ({
  code: "unprocessable",
  errors: [{ path: "reroute_to", message: expect.stringContaining(message) }],
});
const of = (model: string) => ({ scope: "model", value: model });

test("a reroute to a model that nobody prices is refused when it is saved, and accepted with a price or a rate", async () => {
  const { context, project, make, change } = await setUp();
  const wrong = { reroute_to: "house-model-9" };
  await expect(make(wrong)).rejects.toMatchObject(refused("has no price"));
  const stage = { action: "block", thresholds: [{ percent: 80, action: "reroute" }] };
  await expect(make({ ...wrong, ...stage })).rejects.toMatchObject(refused("has no price"));
  // Nothing reroutes: the name is only kept.
  const kept = await make({ ...wrong, action: "block" });
  await expect(change(kept.id, { action: "reroute" })).rejects.toMatchObject(
    refused("has no price"),
  );
  await change(kept.id, { action: "reroute", unpriced: { usd_per_mtok: "2" } });
  await expect(change(kept.id, { unpriced: "warn" })).rejects.toMatchObject(
    refused("has no price"),
  );
  await make({ reroute_to: "gpt-4o-mini" });
  await make({ reroute_to: "openai/gpt-4o-mini" });
  const price = { project: project.slug, provider: "vllm", model: "house-model-9", note: "ours" };
  const parsed = createPriceSchema.parse({ ...price, input_per_mtok: "1", output_per_mtok: "1" });
  await createPrice({ ...context, prices: runtime.prices }, parsed);
  await make(wrong);
});

test("of one model's budget a target that costs no less, or is that model, is refused when it is saved", async () => {
  const { make, change } = await setUp();
  const mini = of("gpt-4o-mini");
  await expect(make({ ...mini, reroute_to: "gpt-4o" })).rejects.toMatchObject(
    refused("costs no less than what it replaces"),
  );
  await expect(make({ ...mini, reroute_to: "gpt-4o-mini" })).rejects.toMatchObject(
    refused("spares nothing"),
  );
  const { id } = await make({ ...of("gpt-4o"), reroute_to: "gpt-4o-mini" });
  await expect(change(id, { reroute_to: "gpt-4" })).rejects.toMatchObject(
    refused("costs no less than what it replaces"),
  );
});

test("a budget whose target lost its price since is still edited in everything else", async () => {
  const { db, make, change } = await setUp();
  const { id } = await make({ action: "block", reroute_to: "gone-model" });
  await updateBudgetRow(db, id, { action: "reroute" });
  expect((await change(id, { limit_usd: "12" })).limitUsd).toMatch(/^12/);
});
