import { afterAll, beforeAll, expect, test } from "vitest";
import type { CallRowOptions } from "@/db/clickhouse/testing/make-call-row";
import { findCorrection as findRow, listOpenCorrectionIds } from "@/db/queries/corrections";
import type { UserActor } from "@/lib/auth/actor";
import { callsQuerySchema } from "@/lib/calls/call-schemas";
import { listCalls } from "@/lib/calls/list-calls";
import { cancelCorrection } from "@/lib/corrections/cancel-correction";
import { erasureSchema, repriceSchema } from "@/lib/corrections/correction-schemas";
import { findCorrection } from "@/lib/corrections/find-correction";
import { listReprices } from "@/lib/corrections/list-reprices";
import { requestErasure } from "@/lib/corrections/request-erasure";
import { requestReprice } from "@/lib/corrections/request-reprice";
import { restoreCall } from "@/lib/corrections/restore-call";
import {
  openTestCorrections,
  type TestCorrections,
} from "@/lib/corrections/testing/open-test-corrections";
import { voidCall } from "@/lib/corrections/void-call";
import { createPrice } from "@/lib/prices/create-price";
import { createPriceSchema } from "@/lib/prices/price-schemas";
import { parseQuery, readQuery } from "@/lib/request-input";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { auditOf } from "@/lib/testing/audit-of";
import { makeUser } from "@/lib/testing/test-runtime";

let kit: TestCorrections;
let admin: UserActor;
let finance: UserActor;
let viewer: UserActor;
const NOON = Date.parse("2026-11-10T12:00:00Z");
const RANGE = { from: "2026-11-10T00:00:00Z", to: "2026-11-12T00:00:00Z" };
const MODEL = "our-own-model";

beforeAll(async () => {
  kit = await openTestCorrections();
  [admin, finance, viewer] = await Promise.all([
    makeUser(kit.db, "admin"),
    makeUser(kit.db, "finance"),
    makeUser(kit.db, "viewer"),
  ]);
});
afterAll(() => kit.close());

type Project = Awaited<ReturnType<TestCorrections["makeProject"]>>;

/** A call of a model that nobody has a price for: 100 tokens in, 10 out. */
const unpriced = (id: string, more: Partial<CallRowOptions> = {}): CallRowOptions => ({
  id,
  atMs: NOON,
  provider: "vllm",
  model: MODEL,
  cost_usd: null,
  list_cost_usd: null,
  cost_status: "unpriced",
  cost_reason: "self_hosted_without_price",
  ...more,
});

/** 2 dollars a million in, 10 out: 0.0003 a call. */
async function setPrice(project: Project) {
  const input = createPriceSchema.parse({
    project: project.slug,
    provider: "vllm",
    model: MODEL,
    input_per_mtok: "2",
    output_per_mtok: "10",
    effective_from: "2026-01-01T00:00:00Z",
    note: "a test",
  });
  await createPrice(kit.as(admin, project), input);
}

const reprice = (project: Project, body: object, actor = finance) =>
  kit.ended(
    requestReprice(
      kit.as(actor, project),
      repriceSchema.parse({ ...RANGE, reason: "new price", ...body }),
    ),
  );

async function spendOf(project: Project, query = "") {
  const address = new URL(`http://x/?from=${RANGE.from}&to=${RANGE.to}${query}`);
  const { total, rows } = await sumSpend(
    {
      clickhouse: kit.clickhouse,
      projects: [project],
      freshness: null,
      nowMs: Date.now(),
      organisationTimeZone: "UTC",
    },
    parseQuery(spendQuerySchema, readQuery(address)),
  );
  return { total, rows };
}

test("a dry run says the difference and changes nothing; the reprice moves the total by exactly that", async () => {
  const project = await kit.makeProject();
  await kit.send(project, [
    unpriced("a"),
    unpriced("b", { feature: "chat" }),
    unpriced("c", { cost_usd: "0.0001", cost_status: "priced", cost_reason: "" }),
    { id: "known", atMs: NOON, provider: "nobody", model: "none", cost_status: "provided" },
  ]);
  await setPrice(project);
  const before = await spendOf(project);
  const asOf = `&as_of=${new Date().toISOString()}`;
  const filter = { model: MODEL };
  const dry = await reprice(project, { filter, dry_run: true, reason: undefined });
  const said = {
    calls_total: 3,
    calls_seen: 3,
    calls_changed: 3,
    before_usd: "0.0001",
    after_usd: "0.0009",
    difference_usd: "0.0008",
    unknown_before: 2,
    unknown_after: 0,
    models: [
      expect.objectContaining({
        provider: "vllm",
        model: MODEL,
        calls: 3,
        difference_usd: "0.0008",
      }),
    ],
  };
  expect(dry).toMatchObject({ state: "done", dry_run: true, ...said });
  expect(await spendOf(project)).toEqual(before);
  const done = await reprice(project, { filter });
  expect(done).toMatchObject({ state: "done", dry_run: false, ...said, author: finance.name });
  expect((await spendOf(project)).total).toMatchObject({ cost_usd: "0.0019", unpriced_calls: 0 });
  expect(await kit.countersOf(project)).toEqual({ events: 4, costUsd: "0.0019", unknownCosts: 0 });
  expect(await spendOf(project, asOf)).toEqual(before);
  // Nothing is left to do.
  expect(await reprice(project, { filter })).toMatchObject({ calls_seen: 3, calls_changed: 0 });
  const [audited] = await auditOf(kit.db, done.id);
  expect(audited).toMatchObject({ action: "correction.reprice", projectId: project.id });
  const { reprices } = await listReprices(kit.as(finance), [project]);
  expect(reprices.map(({ dry_run }) => dry_run)).toEqual([false, false, true]);
  expect(await findCorrection(kit.as(finance), "reprice", done.id)).toEqual(done);
});

test("a filter by what the reprice itself changes reaches every call once", async () => {
  const project = await kit.makeProject();
  const calls = Array.from({ length: 40 }, (_, n) =>
    unpriced(`c${n}`, { atMs: NOON + n * 700_000 }),
  );
  await kit.send(project, calls);
  await setPrice(project);
  const done = await reprice(project, { filter: { cost_status: ["unpriced"] } });
  expect(done).toMatchObject({ state: "done", calls_seen: 40, calls_changed: 40 });
  expect(await kit.countersOf(project)).toEqual(await kit.sumsOf(project));
});

test("an unknown filter, an empty range and a missing reason are refused, each by name", async () => {
  const project = await kit.makeProject();
  await expect(reprice(project, { filter: { colour: "red" } })).rejects.toMatchObject({
    code: "bad_request",
    errors: [{ path: "filter.colour" }],
  });
  await expect(reprice(project, { to: RANGE.from })).rejects.toMatchObject({ code: "bad_request" });
  expect(repriceSchema.safeParse(RANGE).error?.issues).toMatchObject([{ path: ["reason"] }]);
  expect(repriceSchema.safeParse({ ...RANGE, dry_run: true }).success).toBe(true);
});

test("a voided call adds up to nothing, stays in sight, and comes back with a restore", async () => {
  const project = await kit.makeProject();
  await kit.send(project, [
    { id: "a", atMs: NOON, cost_usd: "1.25" },
    { id: "b", atMs: NOON, cost_usd: null, cost_status: "unpriced" },
  ]);
  const before = await spendOf(project);
  const context = kit.as(finance, project);
  const voided = await voidCall(context, { id: "a", timestampUs: null, reason: "sent by mistake" });
  expect(voided).toMatchObject({
    counted: false,
    cost_usd: "1.25",
    revisions: [
      { kind: "received", counted: true },
      { kind: "void", counted: false, reason: "sent by mistake", author: finance.name },
    ],
  });
  expect((await spendOf(project)).total).toMatchObject({ calls: 1, unpriced_calls: 1 });
  expect(await kit.countersOf(project)).toEqual({ events: 1, costUsd: "0", unknownCosts: 1 });
  await expect(
    voidCall(context, { id: "a", timestampUs: NOON * 1000, reason: "again" }),
  ).rejects.toMatchObject({ code: "conflict" });
  const [audited] = await auditOf(kit.db, "a").then((rows) =>
    rows.filter((row) => row.projectId === project.id),
  );
  expect(audited).toMatchObject({ action: "call.void", targetType: "call" });
  await kit.send(project, [{ id: "a", atMs: NOON, cost_usd: "1.25" }]);
  expect((await spendOf(project)).total).toMatchObject({ calls: 1 });
  const restored = await restoreCall(context, {
    id: "a",
    timestampUs: null,
    reason: "it was real",
  });
  expect(restored).toMatchObject({ counted: true });
  expect(restored.revisions).toHaveLength(3);
  expect(await spendOf(project)).toEqual(before);
});

test("an erased user is in no state and no copy of a call, and the dollars stay", async () => {
  const project = await kit.makeProject();
  const metadata = { owner: "alice", team: "blue" };
  await kit.send(project, [
    { id: "a", atMs: NOON, user: "alice", session: "s-1", cost_usd: "1", metadata },
    { id: "b", atMs: NOON - 40 * 86_400_000, user: "alice", cost_usd: null },
    { id: "c", atMs: NOON, user: "bob", session: "s-1", cost_usd: "4" },
  ]);
  // A duplicate, and a state before.
  await kit.send(project, [{ id: "a", atMs: NOON, user: "alice", session: "s-1", cost_usd: "1" }]);
  await voidCall(kit.as(finance, project), { id: "a", timestampUs: null, reason: "twice" });
  const before = { sums: await kit.sumsOf(project), counters: await kit.countersOf(project) };
  const ask = (body: object) =>
    kit.ended(
      requestErasure(kit.as(admin, project), erasureSchema.parse({ user: "alice", ...body })),
    );
  expect(await ask({ dry_run: true })).toMatchObject({ calls_changed: 2, difference_usd: "0" });
  await expect(ask({ reason: "alice left" })).rejects.toMatchObject({ code: "unprocessable" });
  const done = await ask({ reason: "a request of the person" });
  expect(done).toMatchObject({ state: "done", calls_changed: 2, filter: {}, from: null });
  const sums = { sums: await kit.sumsOf(project), counters: await kit.countersOf(project) };
  expect(sums).toEqual(before);
  const copies = await kit.clickhouse.query(
    "SELECT * FROM llm_calls WHERE project_id = {id:String}",
    { id: project.id },
  );
  expect(JSON.stringify(copies)).not.toContain("alice");
  expect(JSON.stringify(copies)).toContain("bob");
  const calls = await listCalls(
    { clickhouse: kit.clickhouse, projects: [project], cursorSecret: "x", nowMs: Date.now() },
    parseQuery(callsQuerySchema, { from: "2026-01-01T00:00:00Z", sort: "timestamp" }),
  );
  expect(calls.calls).toMatchObject([
    { id: "b", user: "(erased)", session: null },
    {
      id: "a",
      user: "(erased)",
      session: "(erased)",
      metadata: { owner: "(erased)", team: "blue" },
    },
    { id: "c", user: "bob", session: "s-1" },
  ]);
  const stored = JSON.stringify([await findRow(kit.db, done.id), await auditOf(kit.db, done.id)]);
  expect(stored).not.toContain("alice");
  // Sent again it has a lower revision, so it never shows.
  await kit.send(project, [{ id: "b", atMs: NOON - 40 * 86_400_000, user: "alice" }]);
  const erased = await spendOf(project, "&group_by=user");
  expect(JSON.stringify(erased)).not.toContain("alice");
});

test("a reprice that is over cannot be cancelled, and none is left open", async () => {
  const project = await kit.makeProject();
  await kit.send(project, [unpriced("a")]);
  const done = await reprice(project, {});
  await expect(cancelCorrection(kit.as(finance, project), done.id)).rejects.toMatchObject({
    code: "conflict",
  });
  await expect.poll(() => listOpenCorrectionIds(kit.db)).toEqual([]);
});

test("refuses a viewer, and finance may not erase", async () => {
  const project = await kit.makeProject();
  await kit.send(project, [unpriced("a")]);
  const done = await reprice(project, { dry_run: true });
  const context = kit.as(viewer, project);
  const one = { id: "a", timestampUs: null, reason: "no" };
  const forbidden = { code: "forbidden" };
  await expect(reprice(project, {}, viewer)).rejects.toMatchObject(forbidden);
  await expect(voidCall(context, one)).rejects.toMatchObject(forbidden);
  await expect(restoreCall(context, one)).rejects.toMatchObject(forbidden);
  await expect(cancelCorrection(context, done.id)).rejects.toMatchObject(forbidden);
  await expect(findCorrection(context, "reprice", done.id)).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await listReprices(context, [project])).toEqual({ reprices: [] });
  for (const actor of [viewer, finance]) {
    const asked = requestErasure(kit.as(actor, project), { user: "u", dry_run: true });
    await expect(asked).rejects.toMatchObject(forbidden);
  }
});
