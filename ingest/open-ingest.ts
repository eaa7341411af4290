import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { CALLS_READER, startWritingCalls } from "@/ingest/calls/write-calls";
import { createIngestApp } from "@/ingest/http";
import { createProjectLookup } from "@/ingest/project-lookup";
import { openSpool } from "@/ingest/spool/open-spool";
import type { Env } from "@/lib/env";
import { startIntegrity } from "@/lib/integrity/start-integrity";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import type { Log } from "@/lib/log";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { startRollups } from "@/lib/rollups/start-rollups";
import type { Backlog } from "@/lib/runtime";

/** The machines' side of the process, running. */
export interface Ingest {
  /** Answers `/v1/*`, `/healthz` and `/readyz`. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  backlog(): Backlog;
  /** Drains for at most `drainMs`, then stops; what is left stays on disk for the next start. */
  close(drainMs: number): Promise<void>;
}

/** Opens the spool in the data directory, starts its drain and makes the handler in front of it. */
export async function openIngest(options: {
  env: Env;
  log: Log;
  clickhouse: ClickHouse;
  postgres: Postgres;
  keys: KeyVerifier;
  prices: PriceBookHolder;
}): Promise<Ingest> {
  const { env, log, clickhouse, postgres, keys, prices } = options;
  const spool = openSpool({
    dir: path.join(env.dataDir, "spool"),
    maxBytes: env.spoolMaxBytes,
    readers: [CALLS_READER],
    log,
  });
  const rollups = startRollups({ clickhouse, postgres, log });
  const calls = startWritingCalls({ spool, clickhouse, log, onWritten: () => rollups.wake() });
  const integrity = startIntegrity({ clickhouse, postgres, log, onRepair: () => rollups.wake() });
  const findProject = createProjectLookup(postgres.db);
  const app = await createIngestApp({
    log,
    spool,
    calls,
    clickhouse,
    postgres,
    keys,
    findProject,
    prices,
  });
  return {
    handle: (request, response) => app.routing(request, response),
    backlog: () => calls.backlog(),
    async close(drainMs) {
      await app.close();
      await calls.close(drainMs);
      await integrity.close();
      await rollups.close();
      await spool.close();
    },
  };
}
