/**
 * Writes the rows of a stopped server's `llm_calls` as JSONEachRow lines, the way its drain inserted them.
 * Usage: export-lines.ts DATA_DIR FILE
 */
import fs from "node:fs";
import { openClickHouse } from "@/db/clickhouse/client";
import { createLog } from "@/lib/log";

const [dataDir = "", file = ""] = process.argv.slice(2);
const clickhouse = await openClickHouse({ url: null, dataDir, log: createLog("silent") });
const out = fs.openSync(file, "w");
for (let bucket = 0; ; ) {
  // A bucket at a time: results of the embedded engine are held in memory whole.
  const [next] = (await clickhouse.query(
    `SELECT toUInt32(min(bucket)) AS first, count() AS count FROM llm_calls WHERE toUInt32(bucket) > ${bucket}`,
  )) as { first: number; count: string }[];
  if (!next || next.count === "0") break;
  bucket = next.first;
  const rows = await clickhouse.query(
    `SELECT * REPLACE (toUInt32(bucket) AS bucket) FROM llm_calls WHERE toUInt32(bucket) = ${bucket}`,
    {},
    { max_execution_time: 600 },
  );
  fs.writeSync(out, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}
fs.closeSync(out);
await clickhouse.close();
