import { randomUUID } from "node:crypto";
import fs from "node:fs";
import type { PGlite, Transaction } from "@electric-sql/pglite";
import { pgDump } from "@electric-sql/pglite-tools/pg_dump";

/** What pgDump uses of PGlite. */
type DumpSource = Pick<PGlite, "query" | "exec" | "execProtocolRawStream">;

/** A text that is another after every write: the end of the write-ahead log. */
export async function readStoreMark(pg: PGlite): Promise<string> {
  const { rows } = await pg.query<{ mark: string }>(
    "select pg_current_wal_insert_lsn()::text as mark",
  );
  return rows[0]?.mark ?? "";
}

/**
 * Writes all tables as SQL, for PGlite and psql alike. The old dump stays until the new one is whole
 * and on disk. Blocks the process while pg_dump runs (about 0.4 s for a small store).
 */
export async function writeSqlDump(pg: PGlite, dumpFile: string): Promise<void> {
  let dumped: File | null = null;
  // pg_dump speaks raw protocol past PGlite's queue: between two statements of an open transaction it
  // would end that transaction. So it runs inside one of its own, whose BEGIN it must not see.
  await pg.transaction(async (tx) => {
    await tx.exec("commit");
    const settings = await readSettings(tx);
    const source: DumpSource = {
      query: (text, values, options) => tx.query(text, values, options),
      exec: (text, options) => tx.exec(text, options),
      execProtocolRawStream: (message, options) => pg.execProtocolRawStream(message, options),
    };
    try {
      dumped = await pgDump({ pg: source as PGlite });
    } finally {
      // The dump's own transaction may still be open, and it is read-only.
      await tx.exec("rollback");
      await restoreSettings(tx, settings);
    }
  });
  if (!dumped) throw new Error("pg_dump gave no file");
  const text = restorable(await (dumped as File).text());
  const draft = `${dumpFile}.${randomUUID()}`;
  try {
    const file = fs.openSync(draft, "w", 0o600);
    try {
      fs.writeFileSync(file, text);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(draft, dumpFile);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** Settings of the session by name. */
async function readSettings(tx: Transaction): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ name: string; setting: string }>(
    "select name, setting from pg_settings where context in ('user', 'superuser')",
  );
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}

/**
 * pg_dump shares the one session there is and leaves it with its own settings, among them an empty
 * `search_path`: no statement after it would find a table. What it restores itself the rollback undoes.
 */
async function restoreSettings(tx: Transaction, before: Map<string, string>): Promise<void> {
  for (const [name, setting] of await readSettings(tx)) {
    const meant = before.get(name);
    if (meant === undefined || meant === setting) continue;
    await tx.query("select set_config($1, $2, false)", [name, meant]);
  }
}

/** PostgreSQL 17's setting would stop a restore on 15. Only the first one: the rest could be somebody's text. */
function restorable(sql: string): string {
  return sql.replace(/^SET transaction_timeout = 0;$/m, "");
}
