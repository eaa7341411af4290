import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";

/** Everything but calls: PGlite in the data directory, or a PostgreSQL server. */
export interface Postgres {
  readonly kind: "embedded" | "server";
  readonly db: Db;
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

/** A drizzle handle of either driver. A transaction has the same type. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;
