/**
 * The engine's own insert, in a process of its own: reads JSONEachRow lines from a file and inserts them into a
 * new `llm_calls` in blocks. Prints the seconds the inserts took. Usage: engine-insert.ts LINES ROWS_A_BLOCK
 */
import fs from "node:fs";
import { openClickHouse } from "@/db/clickhouse/client";
import { migrateClickHouse } from "@/db/clickhouse/migrate";
import { createLog } from "@/lib/log";
import { makeDataDir } from "./server-process";

const [file = "", rowsABlock = "50000"] = process.argv.slice(2);
const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n");
const size = Number(rowsABlock);
const blocks: string[] = [];
for (let from = 0; from < lines.length; from += size) {
  blocks.push(`${lines.slice(from, from + size).join("\n")}\n`);
}
const dataDir = makeDataDir();
const log = createLog("silent");
const clickhouse = await openClickHouse({ url: null, dataDir, log });
await migrateClickHouse(clickhouse, { log });
const begunMs = performance.now();
for (const block of blocks) await clickhouse.insertLines("llm_calls", block);
process.stdout.write(`${(performance.now() - begunMs) / 1000}\n`);
await clickhouse.close();
fs.rmSync(dataDir, { recursive: true, force: true });
