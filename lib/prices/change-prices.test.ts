import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { openPostgres } from "@/db/postgres";
import { listAllPriceRows } from "@/db/queries/prices";
import type { Actor } from "@/lib/auth/actor";
import { createLog } from "@/lib/log";
import { createPrice } from "@/lib/prices/create-price";
import { listPrices } from "@/lib/prices/list-prices";
import type { PriceableCall } from "@/lib/prices/price";
import { createPriceSchema, listPricesQuerySchema } from "@/lib/prices/price-schemas";
import { updatePrice } from "@/lib/prices/update-price";
import { auditOf } from "@/lib/testing/audit-of";
import { hasPostgres15, startPostgres15 } from "@/lib/testing/start-postgres-15";
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

const as = (actor: Actor) => {
  return { actor, db: runtime.postgres.db, requestId: null, prices: runtime.prices };
};
const SYSTEM: Actor = { type: "system", id: "test", name: "test" };
let models = 0;
/** A price of a model that no other test uses. */
function priceOf(given: Partial<z.input<typeof createPriceSchema>> = {}) {
  models += 1;
  const base = { provider: "vllm", model: `own-${models}`, input_per_mtok: "1", note: "contract" };
  return createPriceSchema.parse({ ...base, ...given });
}
const JANUARY = "2026-01-01T00:00:00.000Z";
const MARCH = "2026-03-01T00:00:00.000Z";
const MAY = "2026-05-01T00:00:00.000Z";

describe("who may", () => {
  test("every change of prices refuses a viewer and an engineer", async () => {
    const { db } = runtime.postgres;
    const project = await makeProject(db);
    const { price } = await createPrice(as(SYSTEM), priceOf({ project: project.slug }));
    for (const role of ["viewer", "engineer"] as const) {
      const context = as(await makeUser(db, role, project.id));
      const refused = { code: "forbidden" };
      await expect(createPrice(context, priceOf({ project: project.slug }))).rejects.toMatchObject(
        refused,
      );
      await expect(updatePrice(context, price.id, { note: "x" })).rejects.toMatchObject(refused);
    }
    expect((await auditOf(db, price.id)).length).toBe(1);
  });

  test("finance of one project sets its prices, and none for all projects or another one", async () => {
    const { db } = runtime.postgres;
    const [own, foreign] = [await makeProject(db), await makeProject(db)];
    const finance = as(await makeUser(db, "finance", own.id));
    const { price } = await createPrice(finance, priceOf({ project: own.slug }));
    expect(price).toMatchObject({ project: own.slug, created_by: "A finance" });
    await expect(createPrice(finance, priceOf())).rejects.toMatchObject({ code: "forbidden" });
    await expect(createPrice(finance, priceOf({ project: foreign.slug }))).rejects.toMatchObject({
      code: "not_found",
    });
    const everywhere = await createPrice(as(SYSTEM), priceOf());
    await expect(updatePrice(finance, everywhere.price.id, { note: "x" })).rejects.toMatchObject({
      code: "forbidden",
    });
    const theirs = await createPrice(as(SYSTEM), priceOf({ project: foreign.slug }));
    await expect(updatePrice(finance, theirs.price.id, { note: "x" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

test("a new price closes the open one where it begins, and both are on the record", async () => {
  const { db } = runtime.postgres;
  const first = await createPrice(as(SYSTEM), priceOf({ effective_from: JANUARY }));
  const names = { provider: "VLLM", model: ` ${first.price.model.toUpperCase()} ` };
  const second = await createPrice(as(SYSTEM), priceOf({ ...names, effective_from: MARCH }));
  expect(second.closed).toMatchObject({ id: first.price.id, effective_to: MARCH });
  expect(second.price).toMatchObject({ effective_from: MARCH, effective_to: null });
  const audit = await auditOf(db, first.price.id);
  expect(audit.map((event) => event.action)).toEqual(["price.create", "price.close"]);
});

test("prices of one name never overlap; other tiers, regions, lengths and projects are other names", async () => {
  const project = await makeProject(runtime.postgres.db);
  const first = priceOf({ effective_from: JANUARY, effective_to: MAY });
  await createPrice(as(SYSTEM), first);
  const overlapping = [
    { effective_from: MARCH },
    { effective_from: MARCH, effective_to: "2026-03-01T00:00:01Z" },
    { effective_from: "2025-01-01T00:00:00Z" },
    { effective_from: "2025-01-01T00:00:00Z", effective_to: "2026-01-01T00:00:00.001Z" },
    { effective_from: "2026-04-30T19:29:59-04:30", effective_to: null },
  ];
  for (const times of overlapping) {
    await expect(createPrice(as(SYSTEM), { ...first, ...times })).rejects.toMatchObject({
      code: "conflict",
    });
  }
  const other = { ...first, effective_from: MARCH, effective_to: null };
  await createPrice(as(SYSTEM), { ...other, tier: "batch" });
  await createPrice(as(SYSTEM), { ...other, region: "eu" });
  await createPrice(as(SYSTEM), { ...other, context_over: 200_000 });
  await createPrice(as(SYSTEM), { ...other, project: project.slug });
  // Half-open: the next one may begin where this one ends.
  const next = await createPrice(as(SYSTEM), { ...first, effective_from: MAY, effective_to: null });
  expect(next.closed).toBeNull();
  await expect(
    createPrice(as(SYSTEM), { ...first, effective_from: MAY, effective_to: null }),
  ).rejects.toMatchObject({ code: "conflict" });
});

test("a price may be closed and noted, never moved over another, and never changed", async () => {
  const first = await createPrice(as(SYSTEM), priceOf({ effective_from: JANUARY }));
  const { id, model } = first.price;
  const closed = await updatePrice(as(SYSTEM), id, { effective_to: MARCH, note: "ended" });
  expect(closed).toMatchObject({ effective_to: MARCH, note: "ended", input_per_mtok: "1" });
  await createPrice(as(SYSTEM), priceOf({ model, effective_from: MARCH }));
  await expect(updatePrice(as(SYSTEM), id, { effective_to: MAY })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(updatePrice(as(SYSTEM), id, { effective_to: JANUARY })).rejects.toMatchObject({
    code: "unprocessable",
    errors: [{ path: "effective_to" }],
  });
});

test("money is kept to the last digit and refused where it would be rounded", async () => {
  const { price } = await createPrice(
    as(SYSTEM),
    priceOf({ input_per_mtok: "0.000000001", output_per_mtok: "123456.10", usd_per_gpu_hour: "0" }),
  );
  expect(price).toMatchObject({
    input_per_mtok: "0.000000001",
    output_per_mtok: "123456.1",
    usd_per_gpu_hour: "0",
    cache_read_per_mtok: null,
  });
  for (const wrong of ["1e3", "-1", "0.0000000001", "", ".5", "1,5", 1.5])
    expect(createPriceSchema.safeParse({ ...priceOf(), input_per_mtok: wrong }).success).toBe(
      false,
    );
  await expect(createPrice(as(SYSTEM), priceOf({ input_per_mtok: null }))).rejects.toMatchObject({
    code: "unprocessable",
  });
  await expect(
    createPrice(as(SYSTEM), priceOf({ input_per_mtok: "1000000.01" })),
  ).rejects.toMatchObject({ code: "unprocessable", errors: [{ path: "input_per_mtok" }] });
});

test("the next call is priced with a new price, in its own project only", async () => {
  const project = await makeProject(runtime.postgres.db);
  const input = priceOf({ project: project.slug, input_per_mtok: "2", effective_from: JANUARY });
  const call: PriceableCall = {
    projectId: project.id,
    type: "llm",
    provider: input.provider,
    model: input.model,
    timestampMs: Date.parse(MARCH),
    serviceTier: null,
    inferenceGeo: null,
    usage: { input_tokens: 1_000_000 },
    usageSource: "reported",
    status: "ok",
    errorType: null,
    reportedCostFemtoUsd: null,
    trustsReportedCost: false,
  };
  expect(runtime.prices.priceCall(call).costFemtoUsd).toBeNull();
  const { price } = await createPrice(as(SYSTEM), input);
  const priced = runtime.prices.priceCall(call);
  expect(priced.costFemtoUsd).toBe(2n * 10n ** 15n);
  expect(priced.price?.source).toBe(`override:${price.id}`);
  expect(runtime.prices.priceCall({ ...call, projectId: "other" }).costFemtoUsd).toBeNull();
  expect(
    runtime.prices.priceCall({ ...call, timestampMs: Date.parse(JANUARY) - 1 }).costFemtoUsd,
  ).toBeNull();
});

describe("the list", () => {
  const ask = (query: Record<string, string>, projects: { id: string }[] = []) =>
    listPrices(
      { db: runtime.postgres.db, projects, cursorSecret: "a secret" },
      listPricesQuerySchema.parse(query),
    );

  test("shows prices of these projects and of all, and hides those of others", async () => {
    const [own, foreign] = [
      await makeProject(runtime.postgres.db),
      await makeProject(runtime.postgres.db),
    ];
    const model = priceOf().model;
    await createPrice(as(SYSTEM), priceOf({ model }));
    await createPrice(as(SYSTEM), priceOf({ model, project: own.slug }));
    await createPrice(as(SYSTEM), priceOf({ model, project: foreign.slug }));
    const { overrides } = await ask({ model }, [own]);
    expect(new Set(overrides.map((price) => price.project))).toEqual(new Set([own.slug, null]));
  });

  test("pages through the catalogue once, whatever the page's size", async () => {
    const all = await ask({ provider: "anthropic", limit: "1000" });
    expect(all.next_cursor).toBeNull();
    const paged = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page = await ask({ provider: "anthropic", limit: "7", ...(cursor ? { cursor } : {}) });
      paged.push(...page.catalogue);
      expect(page.catalogue_count).toBe(all.catalogue.length);
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(all.catalogue);
  });

  test("refuses a cursor that was altered or belongs to other filters", async () => {
    const { next_cursor } = await ask({ limit: "1" });
    const cursor = next_cursor ?? "";
    const [, signature] = cursor.split(".");
    const forged = `${Buffer.from('{"offset":9}').toString("base64url")}.${signature}`;
    for (const wrong of [forged, `${cursor}x`, "x", "..."]) {
      await expect(ask({ limit: "1", cursor: wrong })).rejects.toMatchObject({
        code: "bad_request",
      });
    }
    await expect(ask({ limit: "1", cursor, q: "gpt" })).rejects.toMatchObject({
      code: "bad_request",
    });
    expect((await ask({ limit: "5", cursor })).catalogue).toHaveLength(5);
  });
});

const missing = "SKIPPED: PostgreSQL 15 is not installed (apt-get install postgresql-15)";
describe.skipIf(!hasPostgres15)(hasPostgres15 ? "PostgreSQL 15" : missing, () => {
  test("of overlapping prices set at once one is kept, the others are a conflict", async () => {
    const server = await startPostgres15();
    const log = createLog("silent");
    const store = await openPostgres({
      databaseUrl: server.createDatabase(),
      dataDir: "/nowhere",
      log,
    });
    try {
      const context = { ...as(SYSTEM), db: store.db };
      const closed = priceOf({ effective_from: JANUARY, effective_to: MAY });
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) =>
          createPrice(context, { ...closed, effective_from: `2026-01-0${n + 1}T00:00:00Z` }),
        ),
      );
      const refused = results.filter((result) => result.status === "rejected");
      expect(refused).toHaveLength(7);
      for (const { reason } of refused) expect(reason).toMatchObject({ code: "conflict" });

      const open = priceOf();
      const opened = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) =>
          createPrice(context, { ...open, effective_from: `2026-02-0${n + 1}T00:00:00Z` }),
        ),
      );
      expect(opened.some((result) => result.status === "fulfilled")).toBe(true);
      const rows = (await listAllPriceRows(store.db)).filter(
        (row) => row.price.model === open.model,
      );
      expect(rows.filter((row) => row.price.effectiveTo === null)).toHaveLength(1);
      const ends = rows.map((row) => row.price.effectiveTo?.getTime() ?? Number.POSITIVE_INFINITY);
      rows.slice(1).forEach((row, n) => {
        expect(row.price.effectiveFrom.getTime()).toBeGreaterThanOrEqual(ends[n] ?? 0);
      });
    } finally {
      await store.close();
      server.stop();
    }
  });
});
