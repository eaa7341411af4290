import fs from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { migrationsFolder } from "@/db/migrations-folder";
import type { Postgres } from "@/db/postgres";
import { PreparedPglite } from "@/db/prepared-pglite";
import { readStoreMark, writeSqlDump } from "@/db/sql-dump";
import { startVacuuming } from "@/db/vacuum-embedded";
import type { Log } from "@/lib/log";
import { StartError } from "@/lib/start-error";

const DUMP_INTERVAL_MS = 60 * 60 * 1000;

/**
 * Opens PGlite in `<dataDir>/postgres` and brings its tables up to date. PGlite does not fsync: the SQL
 * dump beside the folder (`postgres.sql`) is what survives the machine, and a missing folder is
 * restored from it. The caller holds the data directory's lock; PGlite takes none.
 * @throws StartError when the folder is broken, naming the dump.
 */
export async function openEmbeddedPostgres(options: {
  dataDir: string;
  log: Log;
}): Promise<Postgres> {
  const folder = path.join(options.dataDir, "postgres");
  const dumpFile = path.join(options.dataDir, "postgres.sql");
  if (!fs.existsSync(folder)) await createCluster(folder, dumpFile, options.log);
  const pg = await openCluster(folder, dumpFile);
  const db = drizzle({ client: pg });
  await migrate(db, { migrationsFolder: migrationsFolder() });

  // Unknown at first: a crash may have left a dump that is older than the folder.
  let dumpedMark = "";
  const dump = async () => {
    try {
      const mark = await readStoreMark(pg);
      if (mark === dumpedMark) return;
      await writeSqlDump(pg, dumpFile);
      dumpedMark = mark;
    } catch (error) {
      options.log.error({ err: error }, "the SQL dump of the embedded PostgreSQL failed");
    }
  };
  const timer = setInterval(() => void dump(), DUMP_INTERVAL_MS);
  timer.unref();
  const vacuuming = startVacuuming({ db, log: options.log });

  return {
    kind: "embedded",
    db,
    ping: async () => {
      try {
        await pg.query("select 1");
        return true;
      } catch {
        return false;
      }
    },
    listen: async (channel, onNotice) => ({ close: await pg.listen(channel, onNotice) }),
    close: async () => {
      clearInterval(timer);
      await vacuuming.close();
      await dump();
      await pg.close();
    },
  };
}

/**
 * Makes a new cluster under another name and moves it into place when it is whole, so that a start
 * that is interrupted here begins again instead of finding half a folder.
 */
async function createCluster(folder: string, dumpFile: string, log: Log): Promise<void> {
  const draft = `${folder}.new`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 });
  const pg = await PGlite.create(draft);
  try {
    if (fs.existsSync(dumpFile)) {
      await pg.exec(fs.readFileSync(dumpFile, "utf8"));
      log.warn({ dumpFile }, "the embedded PostgreSQL was missing and is restored from its dump");
    }
  } catch (cause) {
    throw new StartError(
      `the SQL dump ${dumpFile} cannot be read back (${reason(cause)}): mend it, or move it away to start with an empty store.`,
      { cause },
    );
  } finally {
    await pg.close();
  }
  fs.renameSync(draft, folder);
}

async function openCluster(folder: string, dumpFile: string): Promise<PreparedPglite> {
  try {
    // PGlite makes a new cluster in any folder that is none; here that would hide the loss of one.
    if (!fs.existsSync(path.join(folder, "PG_VERSION"))) throw new Error("PG_VERSION is missing");
    const pg = new PreparedPglite(folder);
    await pg.waitReady;
    await pg.exec("set time zone 'UTC'");
    return pg;
  } catch (cause) {
    const remedy = fs.existsSync(dumpFile)
      ? `it is then restored from ${dumpFile} of ${fs.statSync(dumpFile).mtime.toISOString()}.`
      : "there is no SQL dump beside it, so the store is then empty.";
    throw new StartError(
      `the embedded PostgreSQL in ${folder} cannot be opened (${reason(cause)}): move that folder away and start again; ${remedy}`,
      { cause },
    );
  }
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? "";
}
