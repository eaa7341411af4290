import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { CALL_SORTS } from "@/db/clickhouse/queries/list-calls";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { callsAnswerSchema, callsQuerySchema, wholeCallSchema } from "@/lib/calls/call-schemas";
import { findCall } from "@/lib/calls/find-call";
import { listCalls } from "@/lib/calls/list-calls";
import { parseQuery, readQuery } from "@/lib/request-input";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
let projectNumber = 0;
const NOON = Date.parse("2026-11-10T12:00:00Z");
const NOW = Date.parse("2026-11-22T00:00:00Z");
const DAY_MS = 86_400_000;

beforeAll(async () => {
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
});
afterAll(() => store.close());

function newProject() {
  projectNumber += 1;
  return { id: `id-p${projectNumber}`, slug: `p${projectNumber}` };
}
type Project = ReturnType<typeof newProject>;

function insert(project: Project, calls: CallRowOptions[]): Promise<void> {
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: project.id }));
  return clickhouse.insertLines("llm_calls", toLines(rows));
}

async function list(projects: Project[], query = "") {
  const parsed = parseQuery(callsQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const context = { clickhouse, projects, cursorSecret: "a secret of a test", nowMs: NOW };
  return callsAnswerSchema.parse(await listCalls(context, parsed));
}

/** All pages of a question, and what to do between two of them. */
async function listAll(projects: Project[], query: string, between = async () => {}) {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? "" : `&cursor=${cursor}`;
    const page = await list(projects, `${query}${next}`);
    ids.push(...page.calls.map((call) => call.id));
    cursor = page.next_cursor;
    if (cursor !== null) await between();
  } while (cursor !== null);
  return ids;
}

test("newest first, whole range, however far apart calls lie", async () => {
  const project = newProject();
  const days = [0, 0.01, 0.5, 3, 11, 29];
  await insert(
    project,
    days.map((day) => ({ id: `d${day}`, atMs: NOW - 1 - day * DAY_MS })),
  );
  expect(await listAll([project], "limit=2")).toEqual(days.map((day) => `d${day}`));
  expect(await listAll([project], "limit=4&sort=timestamp")).toEqual(
    days.map((day) => `d${day}`).reverse(),
  );
  expect((await list([project], "limit=6")).next_cursor).toBeNull();
});

test("pages of any size and order show each call once, in one order, those without a value last", async () => {
  const project = newProject();
  const calls = fc.sample(
    fc.record({
      atMs: fc.integer({ min: NOON, max: NOON + 5 }),
      cost_usd: fc.option(fc.constantFrom("0", "0.1", "2", "10")),
      duration_ms: fc.option(fc.constantFrom(0.5, 3, 20)),
      time_to_first_token_ms: fc.option(fc.constantFrom(1, 7)),
      has_usage: fc.boolean(),
      input_tokens: fc.constantFrom(9, 10, 2 ** 53 - 1),
    }),
    { numRuns: 40, seed: 3 },
  );
  await insert(
    project,
    calls.map((call, n) => ({ ...call, id: `c${n}` })),
  );
  const sortedValue = (id: string, sort: string) => {
    const call = calls[Number(id.slice(1))];
    if (sort === "timestamp") return call?.atMs ?? null;
    if (sort === "cost_usd") return call?.cost_usd == null ? null : Number(call.cost_usd);
    if (sort === "input_tokens") return call?.has_usage ? call.input_tokens : null;
    if (sort === "output_tokens") return call?.has_usage ? 10 : null;
    return call?.[sort as "duration_ms"] ?? null;
  };
  for (const sort of CALL_SORTS) {
    for (const sign of ["", "-"]) {
      const ids = await listAll([project], `sort=${sign}${sort}&limit=7`);
      expect(new Set(ids).size).toBe(40);
      expect(ids).toHaveLength(40);
      const values = ids.map((id) => sortedValue(id, sort));
      const known = values.filter((value) => value !== null);
      expect(values.slice(known.length).every((value) => value === null)).toBe(true);
      const sorted = [...known].sort((a, b) => (sign === "-" ? b - a : a - b));
      expect(known).toEqual(sorted);
    }
  }
});

test("while calls arrive, pages neither repeat nor lose one, nor show what came later", async () => {
  const project = newProject();
  const before = Array.from({ length: 30 }, (_, n) => ({
    id: `b${n}`,
    atMs: NOON + n * 60_000,
    ingestedAtUs: (NOW - 1000) * 1000 + n,
  }));
  await insert(project, before);
  let arrivals = 0;
  const ids = await listAll([project], "limit=7", async () => {
    arrivals += 1;
    const later = { ingestedAtUs: (NOW + arrivals) * 1000 };
    await insert(project, [
      { id: `new${arrivals}`, atMs: NOON + 3_600_000 + arrivals, ...later },
      { id: `late${arrivals}`, atMs: NOON - arrivals, ...later },
      // A retry of a call that was shown, and of one that was not.
      { id: "b29", atMs: NOON + 29 * 60_000, ...later },
      { id: "b0", atMs: NOON, ...later },
    ]);
  });
  expect(ids).toEqual(before.map((call) => call.id).reverse());
});

test("an altered cursor, and one of another question, are refused", async () => {
  const project = newProject();
  await insert(project, [{ atMs: NOON }, { atMs: NOON + 1 }, { atMs: NOON + 2 }]);
  const { next_cursor: cursor } = await list([project], "limit=1");
  const refused = { code: "bad_request", errors: [{ path: "cursor" }] };
  await expect(list([project], `limit=1&cursor=A${cursor}`)).rejects.toMatchObject(refused);
  await expect(list([project], `filter.model=x&cursor=${cursor}`)).rejects.toMatchObject(refused);
  await expect(list([project], `sort=cost_usd&cursor=${cursor}`)).rejects.toMatchObject(refused);
  await expect(list([newProject()], `cursor=${cursor}`)).rejects.toMatchObject(refused);
  expect((await list([project], `limit=2&cursor=${cursor}`)).calls).toHaveLength(2);
});

test("filters choose calls as they choose spend; unknown ones are named", async () => {
  const project = newProject();
  await insert(project, [
    { id: "1", atMs: NOON, feature: "", trace_id: "t1" },
    { id: "2", atMs: NOON, feature: "x", metadata: { team: "a" }, reservation_id: "r" },
  ]);
  expect(await listAll([project], "filter.feature=")).toEqual(["1"]);
  // Who did not ask before calling.
  expect(await listAll([project], "filter.reservation_id=")).toEqual(["1"]);
  expect(await listAll([project], "filter.reservation_id=r")).toEqual(["2"]);
  expect(await listAll([project], "filter.trace_id=t1")).toEqual(["1"]);
  expect(
    await listAll([project], "filter.metadata.team=a&filter.feature=x&filter.feature=y"),
  ).toEqual(["2"]);
  expect(await listAll([project], `filter.project=${project.slug}`)).toHaveLength(2);
  for (const [query, path] of [
    ["filter.colour=1", "filter.colour"],
    ["sort=colour", "sort"],
    ["tz=UTC", "tz"],
    ["limit=0", "limit"],
  ]) {
    await expect(list([project], query)).rejects.toMatchObject({
      code: "bad_request",
      errors: [{ path }],
    });
  }
});

test("one call is whole: every field as it was sent, usage, price lines, and null for what was not", async () => {
  const project = newProject();
  const id = "call 'é\\😀/1";
  const price = {
    version: "v1",
    source: "overlay",
    matched: "openai:gpt-5",
    lines: [
      {
        class: "input",
        units: "3",
        usd_per_unit: "1.25",
        unit_count: 1_000_000,
        usd: "0.00000375",
      },
    ],
  };
  const raw = { api: "openai.responses", body: { input_tokens: 3, nested: { deep: [1, "\\"] } } };
  await insert(project, [
    {
      id,
      atMs: NOON + 0.5,
      usage: '{"input_tokens":3}',
      raw_usage: JSON.stringify(raw),
      price: JSON.stringify(price),
      cost_usd: "0.00000375",
      attempt: 2,
      cache_layer: "semantic",
      cache_hit: false,
      routing_strategy: "cheapest",
      prefix_hashes: ["a", "b"],
      sequence: 9_007_199_254_740_991,
      metadata: { team: "a\tb" },
    },
  ]);
  const call = wholeCallSchema.parse(await findCall({ clickhouse, projects: [project] }, id, null));
  expect(call).toMatchObject({
    id,
    project: project.slug,
    usage: { input_tokens: 3 },
    raw_usage: raw,
    price,
    cost_usd: "0.00000375",
    cost_status: "priced",
    cost_reason: null,
    attempt: 2,
    cache: { layer: "semantic", hit: false },
    routing: { strategy: "cheapest", tier: null, baseline_model: null },
    sequence: 9_007_199_254_740_991,
    metadata: { team: "a\tb" },
    user: null,
    duration_ms: null,
    system_prompt_tokens: null,
  });
  expect(call.revisions).toEqual([
    {
      revision: 0,
      at: call.ingested_at,
      kind: "received",
      reason: null,
      author: null,
      counted: true,
      cost_usd: "0.00000375",
      cost_status: "priced",
      cost_reason: null,
      price: call.price,
    },
  ]);
});

test("an id that several calls have is asked back by project, then by timestamp", async () => {
  const [one, two] = [newProject(), newProject()];
  await insert(one, [
    { id: "same", atMs: NOON },
    { id: "same", atMs: NOON + DAY_MS },
  ]);
  await insert(two, [{ id: "same", atMs: NOON, cost_usd: "7" }]);
  const find = (projects: Project[], atMs: number | null) =>
    findCall({ clickhouse, projects }, "same", atMs === null ? null : atMs * 1000);
  await expect(find([one, two], null)).rejects.toMatchObject({ errors: [{ path: "project" }] });
  await expect(find([one], null)).rejects.toMatchObject({ errors: [{ path: "timestamp" }] });
  expect((await find([one], NOON + DAY_MS)).timestamp).toBe("2026-11-11T12:00:00Z");
  expect((await find([two], null)).cost_usd).toBe("7");
  await expect(find([two], NOON + 1)).rejects.toMatchObject({ code: "not_found" });
  await expect(find([], null)).rejects.toMatchObject({ code: "not_found" });
});
