import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import postgres from "postgres";
import { migrationsFolder } from "@/db/migrations-folder";
import type { Postgres } from "@/db/postgres";
import { openPostgresServer } from "@/db/postgres-server";
import { PreparedPglite } from "@/db/prepared-pglite";
import { TEMPLATE } from "@/lib/testing/serve-test-postgres";
import { testPostgresUrl } from "@/lib/testing/test-stores";

const CACHE = path.join(process.cwd(), "node_modules", ".cache", "outlay");

/**
 * A migrated PostgreSQL of a test's own: an embedded one in memory, or a database of the run's server. A new cluster takes seconds, so the first
 * test on a machine keeps a dumped one that all later ones start from.
 */
export async function openTestPostgres(): Promise<Postgres> {
  const serverUrl = testPostgresUrl();
  if (serverUrl !== null) return openCopy(serverUrl);
  const pg = new PreparedPglite({ loadDataDir: await readTemplate() });
  await pg.waitReady;
  await pg.exec("set time zone 'UTC'");
  return {
    kind: "embedded",
    db: drizzle({ client: pg }),
    ping: async () => !pg.closed,
    listen: async (channel, onNotice) => ({ close: await pg.listen(channel, onNotice) }),
    close: () => pg.close(),
  };
}

/** A copy of the migrated database, dropped when it is closed. */
async function openCopy(serverUrl: string): Promise<Postgres> {
  const name = `t_${randomUUID().replaceAll("-", "")}`;
  const administer = async (statement: string) => {
    const client = postgres(`${serverUrl}postgres`, { max: 1, onnotice: () => undefined });
    await client.unsafe(statement);
    await client.end();
  };
  await administer(`create database ${name} template ${TEMPLATE}`);
  const opened = await openPostgresServer({ databaseUrl: `${serverUrl}${name}` });
  return {
    ...opened,
    close: async () => {
      await opened.close();
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}

/** Node's own gives its bytes in small pieces, which for these 40 MB takes a quarter of the whole opening. */
class WholeBlob extends Blob {
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    super([]);
    this.#bytes = bytes;
  }
  override async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  }
}

/** Puts a migrated cluster where the embedded PostgreSQL of a data directory has its own: to make one takes seconds. */
export async function placeTestCluster(dataDir: string): Promise<void> {
  const folder = path.join(dataDir, "postgres");
  fs.mkdirSync(folder, { mode: 0o700 });
  // Its notes on stderr are news only where it fails.
  execFileSync("tar", ["-xf", await findTemplate(), "-C", folder], { stdio: "pipe" });
}

async function readTemplate(): Promise<Blob> {
  return new WholeBlob(fs.readFileSync(await findTemplate()));
}

async function findTemplate(): Promise<string> {
  const file = path.join(CACHE, `postgres-${migrationsDigest()}.tar`);
  if (!fs.existsSync(file)) await writeTemplate(file);
  return file;
}

async function writeTemplate(file: string): Promise<void> {
  const pg = await PGlite.create();
  try {
    await migrate(drizzle({ client: pg }), { migrationsFolder: migrationsFolder() });
    const dumped = await pg.dumpDataDir("none");
    fs.mkdirSync(CACHE, { recursive: true });
    // Several test processes may come here at once: each writes its own, the last rename stays.
    const draft = `${file}.${randomUUID()}`;
    fs.writeFileSync(draft, Buffer.from(await dumped.arrayBuffer()));
    fs.renameSync(draft, file);
  } finally {
    await pg.close();
  }
}

/** Another digest for other migrations: a template is never out of date. */
function migrationsDigest(): string {
  const hash = createHash("sha256");
  for (const name of fs.readdirSync(migrationsFolder()).sort()) {
    if (name.endsWith(".sql")) hash.update(fs.readFileSync(path.join(migrationsFolder(), name)));
  }
  return hash.digest("hex").slice(0, 16);
}
