import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { listDaysToSeal } from "@/db/clickhouse/queries/seal-day";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { createLog } from "@/lib/log";
import { parseQuery, readQuery } from "@/lib/request-input";
import { sealDay } from "@/lib/retention/seal-day";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";

const START = Date.parse("2026-11-09T10:00:00Z");
const NOW = Date.parse("2026-11-22T00:00:00Z");
const numbers = new GenerationNumbers();
let store: Awaited<ReturnType<typeof openTestClickHouse>>;
/** Without what a process remembers: a migration runs before there is anything to remember. */
let clickhouse: ClickHouse;

beforeAll(async () => {
  store = await openTestClickHouse();
  const { memory: _, ...forgetful } = store.clickhouse;
  clickhouse = forgetful;
});
afterAll(() => store.close());

const CALLS: (CallRowOptions & { id: string })[] = [
  { id: "first", atMs: START, attempt: 1, cost_usd: "1", feature: "dear" },
  { id: "again", atMs: START + 60_000, attempt: 2, cost_usd: "0.25", feature: "cheap" },
];

async function write(projectId: string): Promise<void> {
  const rows = CALLS.map((call) => makeCallRow({ ...call, project_id: projectId }));
  await clickhouse.insertLines("llm_calls", toLines(rows));
  const touched = [{ projectId, bucket: toBucket(START * 1000) }];
  await insertBucketChanges(clickhouse, touched, { writer: "1", number: 7 });
}

function rebuild() {
  return rebuildRollups({
    clickhouse,
    log: createLog("silent"),
    numbers,
    now: () => NOW,
    graceMs: 0,
    debounceMs: -3_600_000_000,
    mustStop: () => false,
  });
}

async function seal(projectId: string): Promise<void> {
  const asked = { projectId, beforeSeconds: NOW / 1000, limit: 9 };
  for (const dayStart of await listDaysToSeal(clickhouse, asked)) {
    await sealDay({ clickhouse, numbers, now: () => NOW }, { projectId, dayStart }, async () => {});
  }
}

async function ask(projectId: string) {
  const { total } = await askSpend(projectId, "group_by=feature");
  const { retries, retry_cost_usd, unpriced_retries, cost_usd } = total;
  return { retries, retry_cost_usd, unpriced_retries, cost_usd };
}

/** The retries of the dearest feature, and of the others. */
async function askDearest(projectId: string) {
  const { rows, rest } = await askSpend(
    projectId,
    "group_by=feature&limit=1&figures=cost_usd,retries",
  );
  return [rows[0]?.retries, rest?.retries];
}

function askSpend(projectId: string, query: string) {
  const parsed = parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const projects = [{ id: projectId, slug: projectId }];
  const context = {
    clickhouse,
    projects,
    freshness: null,
    nowMs: NOW,
    organisationTimeZone: "UTC",
  };
  return sumSpend(context, parsed);
}

/** The file's statements, as an upgrade runs them. */
async function upgrade(): Promise<void> {
  const text = await readFile("db/clickhouse/migrations/0011_retries.sql", "utf8");
  const statements = text.replace(/^--.*$/gm, "").split(/;$/m);
  for (const sql of statements) if (sql.trim() !== "") await clickhouse.command(sql);
}

const KNOWN = { retries: 1, retry_cost_usd: "0.25", unpriced_retries: 0, cost_usd: "1.25" };
const UNKNOWN = { retries: null, retry_cost_usd: null, unpriced_retries: null, cost_usd: "1.25" };

test("after an upgrade calls tell their retries until sums do, and sums of expired days say that they cannot", async () => {
  for (const projectId of ["kept", "sealed"]) await write(projectId);
  await rebuild();
  await seal("sealed");
  expect(await ask("kept")).toEqual(KNOWN);
  expect(await ask("sealed")).toEqual(KNOWN);
  // As they were written before the columns were there.
  for (const table of ["calls_rollup", "user_days", "feature_model_days"]) {
    await clickhouse.command(`ALTER TABLE ${table} DROP COLUMN retries`);
    await clickhouse.command(`ALTER TABLE ${table} DROP COLUMN retry_cost_usd`);
    await clickhouse.command(`ALTER TABLE ${table} DROP COLUMN unknown_retry_costs`);
  }
  await upgrade();
  // Cut short and run again.
  await upgrade();
  expect(await ask("kept")).toEqual(KNOWN);
  expect(await ask("sealed")).toEqual(UNKNOWN);
  expect(await askDearest("kept")).toEqual([0, 1]);
  expect(await askDearest("sealed")).toEqual([null, null]);
  expect(await rebuild()).toMatchObject({ buckets: 1, days: 1 });
  expect(await ask("kept")).toEqual(KNOWN);
  expect(await ask("sealed")).toEqual(UNKNOWN);
});
