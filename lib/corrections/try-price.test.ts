import { afterAll, beforeAll, expect, test } from "vitest";
import type { UserActor } from "@/lib/auth/actor";
import { repriceSchema } from "@/lib/corrections/correction-schemas";
import { requestReprice } from "@/lib/corrections/request-reprice";
import {
  openTestCorrections,
  type TestCorrections,
} from "@/lib/corrections/testing/open-test-corrections";
import { createPrice } from "@/lib/prices/create-price";
import { listPrices } from "@/lib/prices/list-prices";
import { createPriceSchema, listPricesQuerySchema } from "@/lib/prices/price-schemas";
import { makeUser } from "@/lib/testing/test-runtime";

let kit: TestCorrections;
let finance: UserActor;
let viewer: UserActor;
beforeAll(async () => {
  kit = await openTestCorrections();
  [finance, viewer] = await Promise.all([makeUser(kit.db, "finance"), makeUser(kit.db, "viewer")]);
});
afterAll(() => kit.close());

type Project = Awaited<ReturnType<TestCorrections["makeProject"]>>;
const RANGE = { from: "2026-11-10T00:00:00Z", to: "2026-11-12T00:00:00Z" };
const NAMES = { provider: "vllm", model: "house-model" };
const PRICE = {
  ...NAMES,
  effective_from: "2026-01-01T00:00:00Z",
  input_per_mtok: "2",
  output_per_mtok: "10",
};

const send = (project: Project) =>
  kit.send(
    project,
    ["a", "b", "c"].map((id) => ({
      id,
      atMs: Date.parse("2026-11-10T12:00:00Z"),
      ...NAMES,
      cost_usd: null,
      list_cost_usd: null,
      cost_status: "unpriced",
      cost_reason: "self_hosted_without_price",
    })),
  );

const ask = (project: Project, body: object, actor = finance) =>
  requestReprice(
    kit.as(actor, project),
    repriceSchema.parse({ ...RANGE, filter: { model: "house-model" }, dry_run: true, ...body }),
  );

test("a dry run with a price says what the reprice changes once it is added, and adds nothing", async () => {
  const project = await kit.makeProject();
  await send(project);
  const before = await kit.sumsOf(project);
  const price = { ...PRICE, project: project.slug };
  const tried = await kit.ended(ask(project, { price }));
  // 100 tokens in at 2 dollars a million and 10 out at 10, three times.
  expect(tried).toMatchObject({
    state: "done",
    dry_run: true,
    tries_price: true,
    calls_changed: 3,
    difference_usd: "0.0009",
    unknown_before: 3,
    unknown_after: 0,
  });
  expect(await kit.sumsOf(project)).toEqual(before);
  const { overrides } = await listPrices(
    { db: kit.db, projects: [project], cursorSecret: "a secret" },
    listPricesQuerySchema.parse({}),
  );
  expect(overrides).toEqual([]);
  expect(await kit.ended(ask(project, {}))).toMatchObject({ tries_price: false, calls_changed: 0 });

  await createPrice(kit.as(finance, project), createPriceSchema.parse({ ...price, note: "own" }));
  const { models, ...sums } = await kit.ended(ask(project, { dry_run: false, reason: "own" }));
  expect(sums).toMatchObject({
    state: "done",
    tries_price: false,
    calls_changed: tried.calls_changed,
    difference_usd: tried.difference_usd,
    unknown_after: tried.unknown_after,
  });
  expect(models).toEqual(tried.models);
});

test("a price of one project, when it is tried, prices no other", async () => {
  const [one, two] = [await kit.makeProject(), await kit.makeProject()];
  await send(one);
  await send(two);
  const price = { ...PRICE, project: one.slug };
  const asked = requestReprice(
    kit.as(finance, one, two),
    repriceSchema.parse({ ...RANGE, dry_run: true, price }),
  );
  expect(await kit.ended(asked)).toMatchObject({ calls_seen: 6, calls_changed: 3 });
});

test("what could not be added cannot be tried either", async () => {
  const project = await kit.makeProject();
  const price = { ...PRICE, project: project.slug };
  const codeOf = (body: object) =>
    ask(project, body).then(
      () => "accepted",
      (error) => error.code,
    );
  expect(await codeOf({ price: { ...NAMES } })).toBe("unprocessable");
  expect(await codeOf({ price: { ...NAMES, maps_to: "no-such-model" } })).toBe("unprocessable");
  expect(await codeOf({ price: { ...price, project: "not-there" } })).toBe("not_found");
  await createPrice(kit.as(finance, project), createPriceSchema.parse({ ...price, note: "own" }));
  expect(await codeOf({ price })).toBe("conflict");
});

test("a price is tried in a dry run only, and refuses a viewer", async () => {
  const project = await kit.makeProject();
  const body = { ...RANGE, price: PRICE, reason: "for good" };
  const [fault] = repriceSchema.safeParse({ ...body, dry_run: false }).error?.issues ?? [];
  expect(fault?.path).toEqual(["price"]);
  await expect(ask(project, { price: PRICE }, viewer)).rejects.toMatchObject({ code: "forbidden" });
});
