import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { openEmbeddedPostgres } from "@/db/postgres-embedded";
import { openPostgresServer } from "@/db/postgres-server";
import type { Log } from "@/lib/log";

/** Everything but calls: PGlite in the data directory, or a PostgreSQL server. */
export interface Postgres {
  readonly kind: "embedded" | "server";
  readonly db: Db;
  /** True when the store answers. Never throws. */
  ping(): Promise<boolean>;
  /**
   * Calls back when somebody notifies the channel (`NOTIFY`), and whenever a connection that may have missed some is
   * there again. Notices can be lost: who depends on them also looks by itself now and then.
   */
  listen(channel: string, onNotice: () => void): Promise<Listening>;
  /** Ends it; an embedded store writes its SQL dump first. */
  close(): Promise<void>;
}

/** A `LISTEN` that goes on until it is closed. */
export interface Listening {
  close(): Promise<void>;
}

/** A drizzle handle of either driver. A transaction has the same type. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;

/**
 * Opens the store of everything but calls, and brings its tables up to date. The one place that
 * chooses between the two kinds; nothing else knows.
 * @throws StartError with one sentence for a person, when the store cannot be used.
 */
export function openPostgres(options: {
  databaseUrl: string | null;
  dataDir: string;
  log: Log;
}): Promise<Postgres> {
  return options.databaseUrl === null
    ? openEmbeddedPostgres({ dataDir: options.dataDir, log: options.log })
    : openPostgresServer({ databaseUrl: options.databaseUrl });
}
