import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { GET } from "@/app/metrics/route";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestStores } from "@/lib/testing/open-test-stores";
import {
  makeKey,
  makeProject,
  TEST_PUBLIC_URL,
  type TestRuntime,
} from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
const NOW = Date.parse("2026-11-22T12:00:00Z");
beforeAll(async () => {
  runtime = await openTestStores();
});
afterAll(async () => {
  vi.useRealTimers();
  await runtime.close();
});

async function scrape(key: string | null, query = "") {
  const headers = new Headers(key ? { authorization: `Bearer ${key}` } : {});
  const request = new Request(`${TEST_PUBLIC_URL}/metrics${query}`, { headers });
  const response = await GET(request, { params: Promise.resolve({}) });
  const text = await response.text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return { status: response.status, type: response.headers.get("content-type"), text, lines };
}

test("a scrape tells what the ledger grew by, by model, feature and agent, to who may read it", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  const { db } = runtime.postgres;
  const [own, other] = [await makeProject(db), await makeProject(db)];
  const { key } = await makeKey(db, { scopes: ["read"], projectId: own.id });
  const all = await makeKey(db, { scopes: ["read"], projectId: own.id, isInstallation: true });
  const ingest = await makeKey(db, { scopes: ["ingest"], projectId: own.id });
  const write = (
    projectId: string,
    id: string,
    given: Partial<Parameters<typeof makeCallRow>[0]>,
  ) => {
    const row = makeCallRow({ atMs: NOW - 60_000, id, project_id: projectId, ...given });
    return runtime.clickhouse.insertLines("llm_calls", toLines([row]));
  };
  await write(own.id, "1", { cost_usd: "0.5", duration_ms: 1500 });
  await write(other.id, "1", { cost_usd: "2" });

  const first = await scrape(key);
  expect(first.status).toBe(200);
  expect(first.type).toContain("text/plain");
  const ofModel = `project="${own.slug}",gen_ai_provider_name="openai",gen_ai_response_model="gpt-5"`;
  expect(first.lines).toContain(`outlay_cost_usd_total{${ofModel}} 0`);
  expect(first.lines).toContain(`outlay_ledger_cost_usd{project="${own.slug}"} 0.5`);
  expect(first.lines).toContain(
    `outlay_last_hour_operation_duration_seconds{${ofModel},quantile="0.5"} 1.5`,
  );
  expect(first.text).not.toContain(other.slug);

  await write(own.id, "2", { cost_usd: "0.25", status: "error", attempt: 2 });
  await write(own.id, "3", { cost_usd: null, feature: 'odd "\\\n name', has_usage: false });
  expect((await scrape(key)).lines).toContain(`outlay_cost_usd_total{${ofModel}} 0`);
  vi.setSystemTime(NOW + 11_000);
  const { lines } = await scrape(key);
  for (const line of [
    `outlay_cost_usd_total{${ofModel}} 0.25`,
    `outlay_calls_total{${ofModel}} 2`,
    `outlay_errors_total{${ofModel}} 1`,
    `outlay_retries_total{${ofModel}} 1`,
    `outlay_unpriced_calls_total{${ofModel}} 1`,
    `gen_ai_client_token_usage_total{${ofModel},gen_ai_token_type="input"} 200`,
    `outlay_feature_cost_usd_total{project="${own.slug}",feature="search"} 0.25`,
    `outlay_feature_calls_total{project="${own.slug}",feature="odd \\"\\\\\\n name"} 1`,
    `outlay_agent_calls_total{project="${own.slug}",gen_ai_agent_name="planner"} 2`,
    `outlay_ledger_cost_usd{project="${own.slug}"} 0.75`,
    `outlay_ledger_unpriced_calls{project="${own.slug}"} 1`,
  ]) {
    expect(lines).toContain(line);
  }
  expect((await scrape(all.key, "?project=*")).lines).toContain(
    `outlay_ledger_cost_usd{project="${other.slug}"} 2`,
  );
  expect((await scrape(null)).status).toBe(401);
  expect((await scrape(ingest.key)).status).toBe(403);
  expect((await scrape(key, `?project=${other.slug}`)).status).toBe(404);
});
