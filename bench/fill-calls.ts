/**
 * Fills `llm_calls` of a stopped server with calls over 30 days, in order of time as live traffic comes, made by
 * the engine itself. Usage: fill-calls.ts DATA_DIR PROJECT_ID COUNT END_SECONDS
 */
import { openClickHouse } from "@/db/clickhouse/client";
import { createLog } from "@/lib/log";

const DAYS = 30;
const [dataDir = "", projectId = "", countText = "0", endText = "0"] = process.argv.slice(2);
const count = Number(countText);
const startSeconds = Number(endText) - DAYS * 86_400;
const BLOCK = 100_000;
const clickhouse = await openClickHouse({ url: null, dataDir, log: createLog("silent") });

// Log-uniform ranks: feature 0 of 40 has a fifth of the calls. Costs are what such calls cost, to 1e-9.
const zipf = (salt: number, ranks: number): string =>
  `toString(toUInt32(floor(pow(${ranks + 1}, sipHash64(n, ${salt}) / 18446744073709551616.)) - 1))`;
for (let from = 0; from < count; from += BLOCK) {
  await clickhouse.command(
    `INSERT INTO llm_calls (project_id, bucket, id, ts, version, ingested_at, type, provider, model, agent, feature,
       user, session, has_usage, usage_source, input_tokens, cache_read_tokens, output_tokens, reasoning_tokens,
       cost_usd, list_cost_usd, cost_status, status, attempt, duration_ms, time_to_first_token_ms)
     SELECT '${projectId}', toUInt32(intDiv(s, 900) * 900), concat('bench-', toString(n)), fromUnixTimestamp64Micro(us),
       bitXor(toUInt64(2251799813685247), toUInt64(us)), fromUnixTimestamp64Micro(us), 'llm',
       concat('provider-', toString(n % 3)), concat('model-', ${zipf(1, 12)}), concat('agent-', ${zipf(2, 60)}),
       concat('feature-', ${zipf(3, 40)}), concat('user-', ${zipf(4, 20_000)}), concat('session-', toString(intDiv(n, 10))),
       true, 'reported', sipHash64(n, 5) % 12000, sipHash64(n, 6) % 3000, sipHash64(n, 7) % 1500, 0,
       if(sipHash64(n, 8) % 200 = 0, NULL, toDecimal128(sipHash64(n, 9) % 90000000, 15) / 1000000000) AS cost_usd, cost_usd,
       if(cost_usd IS NULL, 'unpriced', 'priced'), if(sipHash64(n, 10) % 50 = 0, 'error', 'ok'), 1,
       300 + sipHash64(n, 11) % 9000, 120 + sipHash64(n, 12) % 900
     FROM (SELECT number + ${from} AS n,
             toInt64(${startSeconds}) * 1000000 + toInt64(n * ${(DAYS * 86_400e6) / count}) AS us,
             intDiv(us, 1000000) AS s
           FROM numbers(${Math.min(BLOCK, count - from)}))`,
  );
}
// A change for each bucket, as the drain records one: the server rebuilds its rollups when it starts.
await clickhouse.command(
  `INSERT INTO bucket_changes (project_id, bucket, writer, change)
   SELECT DISTINCT project_id, bucket, 1, 1 FROM llm_calls WHERE project_id = '${projectId}'`,
);
await clickhouse.close();
