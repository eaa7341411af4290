import { openClickHouse } from "@/db/clickhouse/client";
import { migrateClickHouse } from "@/db/clickhouse/migrate";
import { createLog } from "@/lib/log";
const ch = await openClickHouse({ url: null, dataDir: "/tmp/rollups/data", log: createLog("silent") });
await migrateClickHouse(ch, { log: createLog("silent") });
await ch.close();
