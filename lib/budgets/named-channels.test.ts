import { afterAll, beforeAll, expect, test } from "vitest";
import { insertChannelRow, updateChannelRow } from "@/db/queries/channels";
import { createBudgetSchema, updateBudgetSchema } from "@/lib/budgets/budget-schemas";
import { createBudget } from "@/lib/budgets/create-budget";
import { updateBudget } from "@/lib/budgets/update-budget";
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
  const [own, other] = [await makeProject(db), await makeProject(db)];
  const actor = await makeUser(db, "admin");
  const context = { actor, db, requestId: "r-1", env: { timeZone: "UTC" } };
  const channel = (projectId: string | null) =>
    insertChannelRow(db, {
      projectId,
      name: "Ops",
      type: "slack",
      config: "sealed",
      audience: "engineering",
      createdBy: "a test",
    });
  const make = (notify: string[]) =>
    createBudget(
      context,
      createBudgetSchema.parse({
        project: own.slug,
        name: "Agents",
        scope: "agent",
        value: "*",
        window: "day",
        limit_usd: "10",
        thresholds: [{ percent: 70 }, { percent: 100, notify }],
      }),
    );
  return { db, own, other, context, channel, make };
}

test("a stage names channels of its project and of the installation, and no others", async () => {
  const { own, other, channel, make } = await setUp();
  const [mine, everybodys, theirs] = [
    await channel(own.id),
    await channel(null),
    await channel(other.id),
  ];
  const made = await make([mine.id, everybodys.id]);
  expect(made.thresholds).toMatchObject([{}, { notify: [mine.id, everybodys.id] }]);
  await expect(make([mine.id, theirs.id, "oncall"])).rejects.toMatchObject({
    code: "unprocessable",
    errors: [
      { path: "thresholds.1.notify.1", message: "is another project's channel" },
      { path: "thresholds.1.notify.2", message: "is no channel's id" },
    ],
  });
});

test("a channel that was removed stops no other edit, and is named by no new stage", async () => {
  const { db, context, channel, make, own } = await setUp();
  const gone = await channel(own.id);
  const { id } = await make([gone.id]);
  await updateChannelRow(db, gone.id, { archivedAt: new Date() });
  const changed = await updateBudget(context, id, updateBudgetSchema.parse({ limit_usd: "20" }));
  expect(changed.thresholds).toMatchObject([{}, { notify: [gone.id] }]);
  await expect(make([gone.id])).rejects.toMatchObject({ code: "unprocessable" });
});
