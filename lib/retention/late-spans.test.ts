import { afterAll, beforeAll, expect, test } from "vitest";
import { updateProjectRow } from "@/db/queries/projects";
import { llmSpan, otlpRequest, type TestSpan } from "@/ingest/otlp/testing/otlp-request";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { createLog } from "@/lib/log";
import { parseQuery, readQuery } from "@/lib/request-input";
import { applyRetention } from "@/lib/retention/apply-retention";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const NOW = Date.now();
const DAY_MS = 86_400_000;
const TODAY = Math.floor(NOW / DAY_MS) * DAY_MS;
const OLD = TODAY - 9 * DAY_MS + 36_000_000;
const KEPT = TODAY - DAY_MS + 36_000_000;
const numbers = new GenerationNumbers();

async function send(...spans: TestSpan[]): Promise<void> {
  const { status } = await ingest.post(otlpRequest(spans), { path: "/v1/traces" });
  expect(status).toBe(200);
  await ingest.spans.linked();
  await ingest.calls.drained();
}

/** Seals what is older than two days; an hour later its rows go too. */
async function expire() {
  for (const nowMs of [NOW, NOW + 3_600_000]) {
    const { clickhouse, postgres } = ingest;
    const log = createLog("silent");
    const context = { clickhouse, postgres, numbers, log, now: () => nowMs, mustStop: () => false };
    await applyRetention(context);
  }
}

async function spansOf(atMs = 0): Promise<string[]> {
  const rows = await ingest.clickhouse.query(
    "SELECT span_id FROM trace_spans FINAL WHERE ts < fromUnixTimestamp64Milli({untilMs:Int64}) ORDER BY span_id",
    { untilMs: atMs },
  );
  return rows.map((row) => (row as { span_id: string }).span_id.replace(/^0+/, ""));
}

async function totalOf() {
  const projects = [{ id: ingest.projectIds.default, slug: "default" }];
  const iso = (ms: number) => new Date(ms).toISOString();
  const range = `from=${iso(TODAY - 10 * DAY_MS)}&to=${iso(TODAY + DAY_MS)}&tz=UTC`;
  const { total } = await sumSpend(
    {
      clickhouse: ingest.clickhouse,
      projects,
      freshness: null,
      nowMs: NOW + 7_200_000,
      organisationTimeZone: "UTC",
    },
    parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${range}`))),
  );
  return { calls: total.calls, cost_usd: total.cost_usd };
}

test("spans go with their days, and a late span of a sealed day moves no sum but by its own call", async () => {
  const { db } = ingest.postgres;
  await updateProjectRow(db, ingest.projectIds.default, { retentionDays: 2 });
  const usage = { input: 1000, output: 10 };
  const attributes = { "user.id": "lovelace", "session.id": "s" };
  await send(
    llmSpan({ trace: "1", span: "a1", parent: "a0", atMs: OLD }, usage),
    llmSpan({ trace: "2", span: "b1", atMs: KEPT }, usage),
  );
  expect(await spansOf(NOW)).toEqual(["a1", "b1"]);
  await expire();
  expect(await spansOf(NOW)).toEqual(["b1"]);
  const sealed = { calls: 2, cost_usd: "0.0052" };
  expect(await totalOf()).toEqual(sealed);

  // The end of a trace whose call is in the sums: it brings a session, and nothing is linked any more.
  await send({ trace: "1", span: "a0", atMs: OLD, attributes });
  expect(await totalOf()).toEqual(sealed);
  // A whole trace that comes late: an outer span that reports the call below it and as much again.
  await send(
    llmSpan({ trace: "3", span: "c2", parent: "c1", atMs: OLD + 10, attributes }, usage),
    llmSpan({ trace: "3", span: "c1", atMs: OLD, endMs: OLD + 500 }, { input: 2000, output: 20 }),
  );
  const late = { calls: 4, cost_usd: "0.0104" };
  expect(await totalOf()).toEqual(late);
  expect(await spansOf(TODAY - 2 * DAY_MS)).toEqual(["a0", "c1", "c2"]);
  // Whoever keeps everything from now on keeps no name of a sealed day either.
  await updateProjectRow(db, ingest.projectIds.default, { retentionDays: null });
  await expire();
  expect(await spansOf(NOW)).toEqual(["b1"]);
  expect(await totalOf()).toEqual(late);
  const stores = ["llm_calls", "trace_spans"].map((table) =>
    ingest.clickhouse.query(`SELECT * FROM ${table}`),
  );
  expect(JSON.stringify(await Promise.all(stores))).not.toContain("lovelace");
});
