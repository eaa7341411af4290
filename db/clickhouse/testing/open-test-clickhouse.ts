import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type ClickHouse, openClickHouse } from "@/db/clickhouse/client";
import { migrateClickHouse } from "@/db/clickhouse/migrate";
import { serveClickHouseHttp } from "@/db/clickhouse/testing/serve-clickhouse-http";
import { createLog } from "@/lib/log";
import { isOnServers } from "@/lib/testing/test-stores";

/**
 * A calls store of its own for a test file: the real engine in a new folder, migrated, embedded or behind HTTP
 * (vitest.config.ts). chDB holds one folder a process, so a test file opens one (`beforeAll`) and closes it (`afterAll`).
 */
export async function openTestClickHouse(): Promise<{
  clickhouse: ClickHouse;
  dataDir: string;
  close(): Promise<void>;
}> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "outlay-calls-"));
  const log = createLog("silent");
  const server = isOnServers() ? await serveClickHouseHttp() : null;
  const clickhouse = await openClickHouse({ url: server?.url ?? null, dataDir, log });
  await migrateClickHouse(clickhouse, { log });
  return {
    clickhouse,
    dataDir,
    async close() {
      await clickhouse.close();
      await server?.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
