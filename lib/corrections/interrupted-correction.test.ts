import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import {
  type CorrectionRow,
  findCorrection,
  insertCorrection,
  updateCorrection,
} from "@/db/queries/corrections";
import { addToSpendCounters } from "@/db/queries/counters";
import { runCorrection } from "@/lib/corrections/run-correction";
import { setCallCounted } from "@/lib/corrections/set-call-counted";
import {
  openTestCorrections,
  type TestCorrections,
  withFault,
} from "@/lib/corrections/testing/open-test-corrections";
import { createPriceBook } from "@/lib/prices/price-book";
import { countersOf, makeBudget } from "@/lib/testing/test-budgets";
import { makeUser } from "@/lib/testing/test-runtime";

let kit: TestCorrections;
const NOON = Date.parse("2026-11-10T12:00:00Z");
const RANGE = { fromUs: NOON * 1000, toUs: (NOON + 7_200_000) * 1000 };
const AUTHOR = { authorType: "system" as const, authorId: "test", authorName: "A test" };

beforeAll(async () => {
  kit = await openTestCorrections();
  // These tests run the batches themselves.
  await kit.job.close();
});
afterAll(() => kit.close());

type Project = Awaited<ReturnType<TestCorrections["makeProject"]>>;

/** Prices whose every token costs as much as it says. */
function pricesOf(perMtok: string) {
  const override = { id: "o", provider: "vllm", model: "m", input_per_mtok: perMtok };
  const book = createPriceBook({ overrides: [{ ...override, output_per_mtok: perMtok }] });
  return { priceCall: book.priceCall.bind(book) };
}

async function sendCalls(project: Project, count = 12) {
  const calls = Array.from({ length: count }, (_, n) => ({
    id: `c${n}`,
    atMs: NOON + n * 600_000,
    provider: "vllm",
    model: "m",
    cost_usd: n % 3 === 0 ? null : "0.5",
    cost_status: n % 3 === 0 ? ("unpriced" as const) : ("priced" as const),
  }));
  await kit.send(project, calls);
}

const ask = (project: Project, asked: Partial<CorrectionRow> = {}) =>
  insertCorrection(kit.db, {
    kind: "reprice",
    projectIds: [project.id],
    ...RANGE,
    reason: "a test",
    ...AUTHOR,
    ...asked,
  });

const STEPS = (["rows", "changes", "transaction"] as const).flatMap((step) =>
  (["before", "after"] as const).map((when) => ({ step, when })),
);

test.each(STEPS)(
  "cut $when the $step of a batch and begun again, each call is counted once",
  async (cut) => {
    const project = await kit.makeProject();
    await sendCalls(project);
    const { id } = await ask(project);
    let isCut = false;
    const context = { ...kit.runtime, prices: pricesOf("1") };
    const faulty = withFault(context, (step, when) => {
      const isHere = !isCut && step === cut.step && when === cut.when;
      isCut ||= isHere;
      return isHere;
    });
    await expect(runCorrection(faulty, id)).rejects.toThrow("cut");
    await runCorrection(context, id);
    expect(await kit.countersOf(project)).toEqual(await kit.sumsOf(project));
    expect(await kit.sumsOf(project)).toEqual({ events: 12, costUsd: "0.00132", unknownCosts: 0 });
    expect(await findCorrection(kit.db, id)).toMatchObject({
      state: "done",
      callsChanged: 12,
      unknownBefore: 4,
      beforeUsd: "4.000000000000000",
      afterUsd: "0.001320000000000",
    });
  },
);

test("a void between a batch that was cut short and its repetition is not undone, and moves its own dollars", async () => {
  const project = await kit.makeProject();
  await sendCalls(project);
  const admin = await makeUser(kit.db, "admin");
  const { id } = await ask(project);
  const context = { ...kit.runtime, prices: pricesOf("1") };
  let isCut = false;
  const faulty = withFault(context, (step) => {
    const isHere = !isCut && step === "transaction";
    isCut ||= isHere;
    return isHere;
  });
  await expect(runCorrection(faulty, id)).rejects.toThrow("cut");
  const asked = { id: "c1", timestampUs: (NOON + 600_000) * 1000, reason: "a double" };
  await setCallCounted({ ...kit.as(admin, project), ...context }, asked, false);
  await runCorrection(context, id);
  expect(await kit.sumsOf(project)).toMatchObject({ events: 11, costUsd: "0.00121" });
  expect(await kit.countersOf(project)).toEqual(await kit.sumsOf(project));
});

test("an erasure between a batch that was cut short and its repetition leaves no dollar under the name, and none too few under what took its place", async () => {
  const project = await kit.makeProject();
  const budget = await makeBudget(kit.db, { projectId: project.id, scope: "user", value: "*" });
  const at = { atMs: NOON, provider: "vllm", model: "m" };
  await kit.send(project, [
    { ...at, id: "hers", user: "ada", cost_usd: "7" },
    { ...at, id: "his", user: "bob", cost_usd: "5" },
  ]);
  const key = { budgetId: budget.id, generation: 1, period: "2026-11-10T00:00:00Z" };
  await addToBudgetCounters(kit.db, [
    { ...key, value: "ada", spentUsd: "7" },
    { ...key, value: "bob", spentUsd: "5" },
  ]);
  const { id } = await ask(project);
  const context = { ...kit.runtime, prices: pricesOf("1") };
  let isCut = false;
  const faulty = withFault(context, (step, when) => {
    const isHere = !isCut && step === "transaction" && when === "before";
    isCut ||= isHere;
    return isHere;
  });
  await expect(runCorrection(faulty, id)).rejects.toThrow("cut");
  const filters = [{ dimension: "user", values: ["ada"] }];
  const { id: erasure } = await ask(project, { kind: "erase", filters });
  await runCorrection(context, erasure);
  await runCorrection(context, id);
  const spent = (await countersOf(kit.db, budget.id)).filter(({ spentUsd }) => spentUsd);
  expect(spent).toMatchObject([
    { value: "(erased)", spentUsd: "0.00011" },
    { value: "bob", spentUsd: "0.00011" },
  ]);
  expect(await kit.countersOf(project)).toEqual(await kit.sumsOf(project));
});

test("a batch that a stopped correction left half done is settled, and nothing more is changed", async () => {
  const project = await kit.makeProject();
  await sendCalls(project);
  const { id } = await ask(project);
  const context = { ...kit.runtime, prices: pricesOf("1") };
  let batches = 0;
  const faulty = withFault(context, (step, when) => {
    if (step === "transaction" && when === "before") batches += 1;
    return step === "transaction" && when === "before" && batches === 1;
  });
  await expect(runCorrection(faulty, id)).rejects.toThrow("cut");
  await updateCorrection(kit.db, id, { state: "cancelled" });
  await kit.send(project, [
    { id: "late", atMs: NOON + 60_000, provider: "vllm", model: "m", cost_usd: "9" },
  ]);
  await runCorrection(context, id);
  expect(await findCorrection(kit.db, id)).toMatchObject({ state: "cancelled", callsChanged: 12 });
  expect((await findCorrection(kit.db, id))?.finishedAt).not.toBeNull();
  expect(await kit.sumsOf(project)).toMatchObject({ events: 13, costUsd: "9.00132" });
  expect(await kit.countersOf(project)).toEqual(await kit.sumsOf(project));
});

test("two processes at one correction do each batch once", async () => {
  const project = await kit.makeProject();
  const count = 11_000;
  const calls = Array.from({ length: count }, (_, n) => ({
    id: `c${n}`,
    atMs: NOON + (n % 7_000) * 1000,
    provider: "vllm",
    model: "m",
    cost_usd: "0.5",
  }));
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: project.id }));
  await kit.clickhouse.insertLines("llm_calls", toLines(rows));
  const all = { projectId: project.id, bucket: 0, events: count, unknownCosts: 0 };
  await addToSpendCounters(kit.db, [{ ...all, costUsd: "5500" }]);
  const { id } = await ask(project);
  const context = { ...kit.runtime, prices: pricesOf("1") };
  await Promise.all([runCorrection(context, id), runCorrection(context, id)]);
  expect(await findCorrection(kit.db, id)).toMatchObject({
    state: "done",
    callsTotal: count,
    callsSeen: count,
    callsChanged: count,
  });
  const copies = await kit.clickhouse.query(
    "SELECT max(revision) AS most, toInt32(count()) AS copies FROM llm_calls WHERE project_id = {id:String} AND revision > 0",
    { id: project.id },
  );
  expect(copies).toEqual([{ most: 1, copies: count }]);
  expect(await kit.countersOf(project)).toEqual(await kit.sumsOf(project));
});
