import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { storedCall } from "@/db/clickhouse/queries/revise-calls";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { deriveRow, rowPrefixOf } from "@/ingest/events/derive-row";
import { decideRevision } from "@/lib/corrections/decide-revision";
import { checkEvent } from "@/lib/events/check-event";
import { createPriceBook } from "@/lib/prices/price-book";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

const file = new URL("../../lib/prices/testdata/pricing-cases.json", import.meta.url);
const casesSchema = z.object({
  cases: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      timestamp: z.string(),
      service_tier: z.string(),
      usage: z.record(z.string(), z.unknown()),
      raw_usage: z.unknown().optional(),
    }),
  ),
});
const { cases } = casesSchema.parse(JSON.parse(readFileSync(file, "utf8")));
const NOW = Date.parse("2026-11-22T00:00:00Z");
const OVERRIDES = [
  { id: "o", provider: "vllm", model: "m", input_per_mtok: "0.333333333", output_per_mtok: "1" },
];

const event = fc.record({
  call: fc.constantFrom(...cases, {
    provider: "vllm",
    model: "m",
    timestamp: "2026-11-10T12:00:00.123456Z",
    service_tier: "default",
    usage: { input_tokens: 7, output_tokens: 3 },
  }),
  usage: fc.constantFrom("usage", "raw_usage", "invalid", "empty", "none"),
  type: fc.constantFrom("llm", "tool", "agent", "step"),
  usage_source: fc.constantFrom("reported", "estimated"),
  error_type: fc.option(fc.constantFrom("rate_limit", "timeout", "validation"), { nil: undefined }),
  reported_cost_usd: fc.option(fc.constantFrom("0.1", "0", "3.000000000000001"), {
    nil: undefined,
  }),
  inference_geo: fc.option(fc.constantFrom("us", " EU "), { nil: undefined }),
  trusts: fc.boolean(),
});

test("a reprice right after ingest changes nothing, whatever was sent", async () => {
  const prices = createPriceBook({ overrides: OVERRIDES });
  const book = {
    priceCall: prices.priceCall.bind(prices),
    matchModel: prices.matchModel.bind(prices),
    dearestPrices: prices.dearestPrices.bind(prices),
    reload: async () => undefined,
  };
  const sent = fc.sample(event, { numRuns: 600, seed: 7 });
  const lines = sent.map(({ call, usage, trusts, ...fields }, n) => {
    const counts = {
      usage: call.usage,
      invalid: { input_tokens: 1, cache_read_tokens: 2 },
      empty: {},
    };
    const raw = usage === "raw_usage" && "raw_usage" in call ? call.raw_usage : undefined;
    const value = {
      ...fields,
      id: `e${n}`,
      timestamp: call.timestamp,
      provider: call.provider,
      model: call.model,
      service_tier: raw ? undefined : call.service_tier,
      ...(raw ? { raw_usage: raw } : usage in counts ? { usage: Object(counts)[usage] } : {}),
    };
    const checked = checkEvent(JSON.parse(JSON.stringify(value)), NOW);
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    const sender = { projectId: trusts ? "trusts" : "plain", apiKeyId: "k" };
    const rowPrefix = rowPrefixOf(sender);
    const context = {
      ...sender,
      requiredTags: [],
      keepsContent: false,
      contentRetentionDays: 30,
      redactionPatterns: [],
      tagMapping: [],
      nowMs: NOW,
    };
    const { row } = deriveRow(
      checked.event,
      { ...context, trustsReportedCost: trusts, rowPrefix },
      book,
    );
    // The arrival is put in front at the commit.
    return `{"version":"${2 ** 40 - n}","ingested_at":"2026-11-21 00:00:00.000000"${row.toString()}`;
  });
  await store.clickhouse.insertLines("llm_calls", lines.join(""));
  const rows = await store.clickhouse.query("SELECT * FROM llm_calls FINAL");
  const calls = z.array(storedCall).parse(rows);
  expect(calls).toHaveLength(600);
  expect(new Set(calls.map(({ cost_status }) => cost_status)).size).toBeGreaterThanOrEqual(5);
  const changed = calls.flatMap((call) => {
    const trustsReportedCost = call.project_id === "trusts";
    const decision = { kind: "reprice" as const, prices: book, trustsReportedCost };
    return decideRevision(call, { ...decision, sealedBeforeMs: 0 }) ?? [];
  });
  expect(changed).toEqual([]);
});
