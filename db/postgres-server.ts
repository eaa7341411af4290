import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { listenOnServer } from "@/db/listen-on-server";
import { migrationsFolder } from "@/db/migrations-folder";
import type { Postgres } from "@/db/postgres";
import { isStartError, StartError } from "@/lib/start-error";

/** Any constant will do; it must differ from the locks of other jobs in the same database. */
const MIGRATION_LOCK = 7_301_648_201;
const OLDEST_VERSION = 150_000;

/** Longest pause between two tries to connect, in seconds. The driver's own is 20: as long after an outage nobody signs in. */
const MAX_BACKOFF_SECONDS = 2;

const CONNECTION = {
  backoff: (failures: number) => Math.min(0.05 * 2 ** failures, MAX_BACKOFF_SECONDS),
  // Times arrive as text: without this they would carry the server's zone.
  connection: { TimeZone: "UTC", application_name: "outlay" },
  // "relation already exists, skipping" is no news.
  onnotice: () => undefined,
};

/**
 * Opens a PostgreSQL server (15 or later) and brings its tables up to date.
 * @throws StartError when it cannot be reached, is too old, or a migration fails.
 */
export async function openPostgresServer(options: { databaseUrl: string }): Promise<Postgres> {
  try {
    await migrateServer(options.databaseUrl);
  } catch (cause) {
    if (isStartError(cause)) throw cause;
    throw new StartError(
      `PostgreSQL at ${withoutPassword(options.databaseUrl)}: ${reason(cause)}`,
      {
        cause,
      },
    );
  }
  const client = postgres(options.databaseUrl, {
    ...CONNECTION,
    max: 10,
    idle_timeout: 60,
    connect_timeout: 10,
  });
  const db = drizzle({ client });
  return {
    kind: "server",
    db,
    ping: async () => {
      try {
        await db.execute(sql`select 1`);
        return true;
      } catch {
        return false;
      }
    },
    listen: (channel, onNotice) => {
      const alone = { max: 1, idle_timeout: 0, max_lifetime: null, connect_timeout: 10 };
      const connect = () => postgres(options.databaseUrl, { ...CONNECTION, ...alone });
      return listenOnServer(connect, channel, onNotice);
    },
    close: () => client.end({ timeout: 5 }),
  };
}

/**
 * Several processes may start at once: one migrates, the others wait for its lock and find nothing to
 * do. All pending migrations are one transaction, so an interrupted start leaves nothing half done.
 */
async function migrateServer(databaseUrl: string): Promise<void> {
  // One connection: a session's advisory lock holds only where it was taken.
  const client = postgres(databaseUrl, { ...CONNECTION, max: 1, connect_timeout: 10 });
  try {
    const [row] = await client`select current_setting('server_version_num')::int as version`;
    if (Number(row?.version) < OLDEST_VERSION) {
      throw new StartError(
        `PostgreSQL at ${withoutPassword(databaseUrl)} is older than 15: upgrade it or name another one in DATABASE_URL.`,
      );
    }
    await client`select pg_advisory_lock(${MIGRATION_LOCK}::bigint)`;
    await migrate(drizzle({ client }), { migrationsFolder: migrationsFolder() });
  } finally {
    // Ending the session gives the lock back, also after a failure.
    await client.end({ timeout: 5 });
  }
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  return `${url.host}${url.pathname}`;
}

// drizzle wraps what the driver said in its own sentence about the query.
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
}
