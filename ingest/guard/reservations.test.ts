import { afterAll, beforeAll, expect, test } from "vitest";
import { listBudgetCounters } from "@/db/queries/budget-counters";
import { lockOutCounters } from "@/db/queries/counter-locks";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { makeBudget, readReservation } from "@/lib/testing/test-budgets";

let ingest: TestIngest;
let key: string;

beforeAll(async () => {
  ingest = await openTestIngest();
  key = await ingest.makeKey({ scopes: ["guard"] });
});
afterAll(() => ingest.close());

interface Reply {
  status: number;
  body: Record<string, unknown> & { errors?: { path: string; message: string }[] };
  headers: Headers;
}

async function ask(path: string, body?: unknown, given: RequestInit = {}): Promise<Reply> {
  const response = await fetch(`${ingest.url}${path}`, {
    method: "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...given,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...given.headers,
    },
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text), headers: response.headers };
}
const WISH = { provider: "openai", model: "gpt-4o", agent: "a", estimated_cost_usd: "0.5" };
const reserve = (wish: object = {}) => ask("/v1/reservations", { ...WISH, ...wish });

test("a reservation is taken, held longer, and given back over HTTP", async () => {
  const budget = await makeBudget(ingest.postgres.db, {
    projectId: ingest.projectIds.default,
    scope: "agent",
    value: "taken",
    mode: "strict",
    limitUsd: "0.9",
  });
  const id = "run 1/step 2";
  const first = await reserve({ agent: "taken", id });
  expect(first).toMatchObject({
    status: 200,
    body: { decision: "allow", reservation_id: id, reserved_usd: "0.5", reasons: [] },
  });
  const refused = await reserve({ agent: "taken" });
  expect(refused).toMatchObject({
    status: 200,
    body: { decision: "block", reasons: [{ code: "budget_exceeded", budget_id: budget.id }] },
  });
  const path = `/v1/reservations/${encodeURIComponent(id)}`;
  const renewed = await ask(`${path}/renew`, { ttl_seconds: 3_600 });
  expect(renewed).toMatchObject({ status: 200, body: { reservation_id: id } });
  expect(await ask(`${path}/renew`)).toMatchObject({ status: 200, body: renewed.body });
  for (const _ of [1, 2]) {
    const released = await ask(path, undefined, { method: "DELETE" });
    expect(released).toMatchObject({ status: 200, body: { state: "released" } });
  }
  expect((await ask(`${path}/renew`)).status).toBe(409);
  expect(await reserve({ agent: "taken" })).toMatchObject({ body: { decision: "allow" } });
});

test("a call that meets no budget is let through with an id, and its event settles it", async () => {
  const { body } = await reserve({ agent: "free" });
  expect(body).toMatchObject({ decision: "allow", reserved_usd: null, reasons: [] });
  const id = String(body.reservation_id);
  const event = { model: "gpt-4o", provider: "openai", agent: "free", reservation_id: id };
  expect((await ingest.post({ ...event, usage: { input_tokens: 1 } })).status).toBe(202);
  await ingest.counters.counted();
  expect(await readReservation(ingest.postgres.db, id)).toMatchObject({ state: "settled" });
});

test("what cannot be read is told field by field, and holds nothing", async () => {
  const faults = async (wish: object) => {
    const { status, body } = await reserve(wish);
    expect(status).toBe(422);
    return body.errors;
  };
  expect(await faults({ modell: "x", estimated_usage: { max_output: 1 } })).toEqual([
    {
      path: "estimated_usage.max_output",
      message: expect.stringMatching(/^is not a known field/),
    },
    { path: "modell", message: "is not a known field; did you mean model?" },
  ]);
  expect(await faults({ model: null })).toMatchObject([{ path: "model" }]);
  expect(await faults({ agent: "x".repeat(257), user: "a\u0000" })).toEqual([
    { path: "agent", message: "must have at most 256 characters" },
    { path: "user", message: "must not contain control characters" },
  ]);
  expect(await faults({ estimated_cost_usd: "-1" })).toMatchObject([
    { path: "estimated_cost_usd" },
  ]);
  expect(await faults({ estimated_cost_usd: 1 })).toMatchObject([{ path: "estimated_cost_usd" }]);
  expect(await faults({ ttl_seconds: 3_601 })).toMatchObject([{ path: "ttl_seconds" }]);
  const part = { input_tokens: 5, cache_read_tokens: 6 };
  expect(await faults({ estimated_usage: part })).toEqual([
    { path: "estimated_usage.cache_read_tokens", message: "is more than what it is a part of" },
  ]);
  expect(await faults({ estimated_usage: { max_output_tokens: 10 ** 13 } })).toMatchObject([
    { path: "estimated_usage.max_output_tokens" },
  ]);
});

test("only a key with the scope guard asks, and only in its own project", async () => {
  const other = await ingest.makeKey({ scopes: ["ingest", "read"] });
  const with_ = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  expect((await ask("/v1/reservations", WISH, with_(other))).status).toBe(403);
  expect((await ask("/v1/reservations", WISH, with_("nobody"))).status).toBe(401);
  expect((await ask("/v1/reservations?project=other", WISH)).status).toBe(403);
  const { body } = await reserve();
  const stranger = await ingest.makeKey({ scopes: ["guard"], project: "other" });
  const path = `/v1/reservations/${body.reservation_id}`;
  for (const [url, method] of [
    [path, "DELETE"],
    [`${path}/renew`, "POST"],
  ] as const) {
    expect((await ask(url, undefined, { method, ...with_(stranger) })).status).toBe(404);
    expect((await ask(url, undefined, { method, ...with_(other) })).status).toBe(403);
  }
});

test("other methods, types, bodies and paths are refused as everywhere", async () => {
  expect((await ask("/v1/reservations", undefined, { method: "GET" })).status).toBe(405);
  expect((await ask("/v1/reservations/x", undefined, { method: "PUT" })).status).toBe(405);
  for (const path of [
    "/v1/reservations/",
    "/v1/reservations/a/b",
    "/v1/reservations/%ff",
    "/v1/reservations/%00",
  ]) {
    expect((await ask(path, undefined, { method: "DELETE" })).status).toBe(404);
  }
  const raw = (body: string, type: string) =>
    ask("/v1/reservations", undefined, { body, headers: { "content-type": type } });
  expect((await raw("{", "application/json")).status).toBe(400);
  for (const type of ["application/x-www-form-urlencoded", "application/x-ndjson"]) {
    expect(await raw("{}", type)).toMatchObject({
      status: 415,
      body: { detail: "Content-Type must be application/json." },
    });
  }
  expect((await raw("[]", "application/json")).status).toBe(422);
  expect((await ask("/v1/reservations")).status).toBe(422);
  const conflict = await reserve({ id: "taken" });
  expect(conflict.status).toBe(200);
  expect((await reserve({ id: "taken", agent: "b" })).status).toBe(409);
});

test("what a lock closed is not held longer, and says why; what was allowed before is held as long as it was allowed", async () => {
  const { db } = ingest.postgres;
  const budget = await makeBudget(db, {
    projectId: ingest.projectIds.default,
    scope: "agent",
    value: "locked",
    thresholds: [{ percent: 120, notify: [], action: "lockout" }],
    limitUsd: "10",
  });
  const made = await reserve({ agent: "locked" });
  const id = String(made.body.reservation_id);
  expect((await ask(`/v1/reservations/${id}/renew`, {})).status).toBe(200);
  const [row] = await listBudgetCounters(db, { budgetId: budget.id, generation: 1 });
  if (!row) throw new Error("nothing is held");
  await lockOutCounters(db, [{ ...row, revision: 1, percent: 120 }], new Date());
  const refused = await ask(`/v1/reservations/${id}/renew`, {});
  expect(refused).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("is locked since") },
  });
  expect(await readReservation(db, id)).toMatchObject({ state: "held" });
});
