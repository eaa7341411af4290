import { afterAll } from "vitest";
import { openPostgres, type Postgres } from "@/db/postgres";
import { createLog } from "@/lib/log";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";

/**
 * Both stores for a file that tries each by itself: PGlite, and, where the machine has it, a PostgreSQL 15 of the file's
 * own, which is stopped after its last test. To be asked at the top of a test file.
 */
export function listPostgresEngines(): { engine: string; open: () => Promise<Postgres> }[] {
  const embedded = { engine: "PGlite", open: openTestPostgres };
  if (!hasPostgres15) return [embedded];
  let server: PostgresServer | null = null;
  afterAll(() => server?.stop());
  const open = async () => {
    server ??= await startPostgres15();
    const databaseUrl = server.createDatabase();
    return openPostgres({ databaseUrl, dataDir: "unused", log: createLog("silent") });
  };
  return [embedded, { engine: "PostgreSQL 15", open }];
}
