/**
 * Fills `llm_calls` of a stopped server with the named data, made by the engine itself in order of time.
 * Usage: fill-calls.ts DATA_DIR PROJECT_ID CALLS END_SECONDS
 */
import { openClickHouse } from "@/db/clickhouse/client";
import { migrateClickHouse } from "@/db/clickhouse/migrate";
import { createLog } from "@/lib/log";
import { fillNamedData } from "./fill-named-data";

const [dataDir = "", projectId = "", calls = "0", endSeconds = "0"] = process.argv.slice(2);
const log = createLog("silent");
const clickhouse = await openClickHouse({ url: null, dataDir, log });
await migrateClickHouse(clickhouse, { log });
const data = { calls: Number(calls), endSeconds: Number(endSeconds) };
await fillNamedData(clickhouse, projectId, data);
await clickhouse.close();
