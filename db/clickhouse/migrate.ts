import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { StoreOpenError } from "@/db/clickhouse/store-errors";
import type { Log } from "@/lib/log";

interface Migration {
  name: string;
  checksum: string;
  statements: string[];
}

const appliedRow = z.object({ name: z.string(), checksum: z.string() });

/**
 * Brings the calls store's tables up to date: runs the numbered files that were not run yet, in order.
 *
 * ClickHouse has no transaction around DDL, so a file is recorded only after its last statement; one cut
 * short runs again from its start. Hence each statement must be harmless when repeated (`IF NOT EXISTS`).
 * @throws StoreOpenError `migration_changed` when a file that was run reads differently now: the tables
 * of this installation would differ from those of a new one
 */
export async function migrateClickHouse(
  clickhouse: ClickHouse,
  options: { log: Log; dir?: string },
): Promise<void> {
  const dir = options.dir ?? path.join(process.cwd(), "db", "clickhouse", "migrations");
  await clickhouse.command(
    `CREATE TABLE IF NOT EXISTS schema_migrations
     (name String, checksum String, applied_at DateTime('UTC') DEFAULT now())
     ENGINE = ReplacingMergeTree ORDER BY name`,
  );
  const rows = await clickhouse.query("SELECT name, checksum FROM schema_migrations FINAL");
  const applied = new Map(
    z
      .array(appliedRow)
      .parse(rows)
      .map((row) => [row.name, row.checksum]),
  );
  for (const migration of await readMigrations(dir)) {
    const checksum = applied.get(migration.name);
    if (checksum === migration.checksum) continue;
    if (checksum !== undefined) {
      throw new StoreOpenError(
        "migration_changed",
        `the migration ${migration.name} was changed after it ran here: put it back and write a new one.`,
      );
    }
    for (const statement of migration.statements) await clickhouse.command(statement);
    const { name } = migration;
    await clickhouse.insertLines(
      "schema_migrations",
      `${JSON.stringify({ name, checksum: migration.checksum })}\n`,
    );
    options.log.info({ migration: name }, "calls store migrated");
  }
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(dir, name), "utf8");
      const checksum = createHash("sha256").update(text).digest("hex");
      return { name, checksum, statements: splitStatements(text) };
    }),
  );
}

/** Statements end with a semicolon at the end of a line; whole-line comments are dropped. */
function splitStatements(text: string): string[] {
  return text
    .replace(/^\s*--.*$/gm, "")
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
