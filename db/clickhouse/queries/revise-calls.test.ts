import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { listCallsToCorrect } from "@/db/clickhouse/queries/list-calls-to-correct";
import { insertRevisions, listStates } from "@/db/clickhouse/queries/revise-calls";
import { makeCallRow } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
const NOON = Date.parse("2026-11-10T12:00:00Z");
const columnRows = z.array(z.object({ name: z.string() }));

beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

/** Every column holds something that a careless copy would lose. */
const FULL = {
  project_id: "full",
  id: 'quote " back\\slash é 漢 \u{1f600}',
  name: "tab\there\nand there",
  raw_usage: '{"api":"x","body":{"a":"\\"q\\""}}',
  input_tokens: "18446744073709551615",
  cache_read_tokens: "9007199254740993",
  cache_write_5m_tokens: 1,
  cache_write_1h_tokens: 2,
  input_audio_tokens: 3,
  reasoning_tokens: 4,
  output_audio_tokens: 5,
  web_searches: 6,
  gpu_seconds: "123456789012.123456",
  cost_usd: "12345678901234567890123.000000000000001",
  list_cost_usd: "0.000000000000001",
  reported_cost_usd: "99999999999999999999999.999999999999999",
  cost_status: "partial",
  cost_reason: "no_price_for:images",
  price: '{"version":"v","source":"s","matched":"m","lines":[]}',
  service_tier: "batch",
  inference_geo: "eu",
  provider_account: "acme",
  status: "error",
  error_type: "timeout",
  attempt: 4_294_967_295,
  duration_ms: 0.1 + 0.2,
  time_to_first_token_ms: 5e-324,
  cache_layer: "exact",
  cache_hit: false,
  routing_strategy: "cheap",
  routing_tier: "small",
  routing_baseline_model: "big",
  reservation_id: "r",
  prompt_hash: "h",
  prefix_hashes: ["b", "a", ""],
  system_prompt_tokens: "9007199254740993",
  source: "s",
  sequence: "18446744073709551615",
  missing_tags: ["task"],
  metadata: { z: "1", a: "", "quote'd": "back\\slash" },
  task: "t",
  task_type: "tt",
  user: "u",
  session: "s",
  trace_id: "tr",
  span_id: "sp",
  parent_span_id: "pa",
  linked_id: "otlp:tr:sq",
  response_id: "chatcmpl-1",
  sent_tags: { user: "u" },
};
const DERIVED =
  /^(version|revision|revised_at|revision_.*|correction_id|earlier\..*|cost_usd|list_cost_usd|cost_status|cost_reason|price|counted)$/;

test("a revision changes what is derived, and of all other columns not a bit", async () => {
  const plain = { ...makeCallRow({ atMs: NOON, id: "x" }), ts: "2026-11-10 12:00:00.123456" };
  const row = { ...plain, ...FULL };
  await store.clickhouse.insertLines("llm_calls", `${JSON.stringify(row)}\n`);
  const names = columnRows
    .parse(
      await store.clickhouse.query(
        "SELECT name FROM system.columns WHERE table = 'llm_calls' AND database = currentDatabase()",
      ),
    )
    .map(({ name }) => name);
  const facts = names.filter((name) => !DERIVED.test(name));
  expect(facts.length).toBeGreaterThan(50);
  const unset = facts.filter((name) => ["", "0", 0, null].includes(Object(row)[name] ?? null));
  expect(unset).toEqual([]);
  const list = facts.map((name) => `\`${name}\``).join(", ");
  const read = () =>
    store.clickhouse.query(
      `SELECT ${list}, sipHash128(${list}) AS hash FROM llm_calls FINAL WHERE project_id = 'full'`,
    );
  const before = await read();
  for (const [n, cost_usd] of ["0.5", null, "0.25"].entries()) {
    const [call] = await listCallsToCorrect(store.clickhouse, {
      projectIds: ["full"],
      fromUs: NOON * 1000,
      toUs: (NOON + 900_000) * 1000,
      filters: [],
      callId: FULL.id,
      correctionId: "none yet",
      after: { bucket: 0, id: "" },
      limit: 5,
    });
    if (!call) throw new Error("the call is gone");
    const { list_cost_usd, cost_status, cost_reason, price } = call;
    const derived = { list_cost_usd, cost_status, cost_reason, price, counted: false, cost_usd };
    const author = { kind: "reprice" as const, reason: "r", author: "a" };
    await insertRevisions(store.clickhouse, [{ call, derived }], {
      ...author,
      correctionId: `c${n}`,
      // A clock that is set back puts no state before another one.
      atUs: (NOON - n * 1000) * 1000,
    });
  }
  expect(await read()).toEqual(before);
  const [call] = await listCallsToCorrect(store.clickhouse, {
    projectIds: ["full"],
    fromUs: NOON * 1000,
    toUs: (NOON + 900_000) * 1000,
    filters: null,
    callId: null,
    correctionId: "c0",
    after: { bucket: 0, id: "" },
    limit: 5,
  });
  if (!call) throw new Error("the call is gone");
  const states = listStates(call);
  expect(states.map(({ cost_usd }) => cost_usd)).toEqual([FULL.cost_usd, "0.5", null, "0.25"]);
  expect(states.map(({ correction_id }) => correction_id)).toEqual(["", "c0", "c1", "c2"]);
  const times = states.map(({ revised_at }) => revised_at);
  expect(times).toEqual([...new Set(times)].sort());
});
