import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openPostgres, type Postgres } from "@/db/postgres";
import { priceOverrides } from "@/db/schema/prices";
import { projects } from "@/db/schema/projects";
import { createLog } from "@/lib/log";
import { placeTestCluster } from "@/lib/testing/open-test-postgres";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";

const log = createLog("silent");
const folders: string[] = [];

function newDataDir(): string {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-store-"));
  folders.push(dataDir);
  return dataDir;
}

/** One that holds a store already. */
async function newUsedDataDir(): Promise<string> {
  const dataDir = newDataDir();
  await placeTestCluster(dataDir);
  return dataDir;
}

afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

const slugsOf = async ({ db }: Postgres) => {
  const rows = await db.select({ slug: projects.slug }).from(projects).orderBy(projects.slug);
  return rows.map((row) => row.slug);
};

const openOverride = {
  provider: "openai",
  model: "gpt-4o",
  effectiveFrom: new Date("2026-03-29T01:30:00.123Z"),
  inputPerMtok: "2.500000001",
  note: "contract",
};

/** What both kinds of store must do alike. */
async function checkStore({ db }: Postgres) {
  await db.insert(projects).values({ slug: "a", name: "A", requiredTags: ["feature", 'a,"b'] });
  const [project] = await db.select().from(projects).where(eq(projects.slug, "a"));
  expect(project?.requiredTags).toEqual(["feature", 'a,"b']);
  const [row] = await db.insert(priceOverrides).values(openOverride).returning();
  expect(row?.inputPerMtok).toBe("2.500000001");
  expect(row?.effectiveFrom).toEqual(openOverride.effectiveFrom);
  const [sum] = await db
    .select({ total: sql<string>`sum(${priceOverrides.inputPerMtok})` })
    .from(priceOverrides);
  expect(sum?.total).toBe("2.500000001");
  const overlap = db.insert(priceOverrides).values({
    ...openOverride,
    effectiveFrom: new Date("2027-01-01T00:00:00Z"),
  });
  await expect(overlap).rejects.toMatchObject({ cause: { code: "23P01" } });
  await expect(
    db.transaction(async (tx) => {
      await tx.insert(projects).values({ slug: "never", name: "Never" });
      throw new Error("changed my mind");
    }),
  ).rejects.toThrow("changed my mind");
}

describe("embedded", () => {
  test("money comes back as text, time as the same instant, and a failed transaction leaves nothing", async () => {
    const store = await openPostgres({ databaseUrl: null, dataDir: await newUsedDataDir(), log });
    await checkStore(store);
    expect(await slugsOf(store)).toEqual(["a", "default"]);
    expect(await store.ping()).toBe(true);
    await store.close();
    expect(await store.ping()).toBe(false);
  });

  test("a clean close leaves an SQL dump from which a lost folder is restored", async () => {
    const dataDir = await newUsedDataDir();
    const store = await openPostgres({ databaseUrl: null, dataDir, log });
    const text = "it's\nSET transaction_timeout = 0;\n";
    await store.db.insert(projects).values({ slug: "kept", name: text });
    await store.db.insert(priceOverrides).values(openOverride);
    await store.close();
    fs.rmSync(path.join(dataDir, "postgres"), { recursive: true });

    const restored = await openPostgres({ databaseUrl: null, dataDir, log });
    expect(await slugsOf(restored)).toEqual(["default", "kept"]);
    const [kept] = await restored.db.select().from(projects).where(eq(projects.slug, "kept"));
    expect(kept?.name).toBe(text);
    await expect(restored.db.insert(priceOverrides).values(openOverride)).rejects.toThrow();
    await restored.close();
    expect(fs.readdirSync(dataDir).sort()).toEqual(["postgres", "postgres.sql"]);
  });

  test("a dump waits for an open transaction instead of ending it", async () => {
    const dataDir = await newUsedDataDir();
    const store = await openPostgres({ databaseUrl: null, dataDir, log });
    let closing: Promise<void> | undefined;
    await store.db
      .transaction(async (tx) => {
        await tx.insert(projects).values({ slug: "half", name: "Half" });
        closing = store.close();
        await tx.insert(projects).values({ slug: "half-2", name: "Half" });
        throw new Error("rolled back");
      })
      .catch(() => undefined);
    await closing;
    expect(fs.readFileSync(path.join(dataDir, "postgres.sql"), "utf8")).not.toContain("half");
  });

  test("a broken folder is refused in one sentence that names the dump", async () => {
    const dataDir = await newUsedDataDir();
    const store = await openPostgres({ databaseUrl: null, dataDir, log });
    await store.close();
    const folder = path.join(dataDir, "postgres");
    fs.truncateSync(path.join(folder, "global", "pg_control"), 10);
    const refusal = openPostgres({ databaseUrl: null, dataDir, log });
    await expect(refusal).rejects.toThrow(/^the embedded PostgreSQL in .* cannot be opened/);
    await expect(refusal).rejects.toThrow(path.join(dataDir, "postgres.sql"));
    await expect(refusal).rejects.toMatchObject({ isStartError: true });
    fs.rmSync(path.join(folder, "PG_VERSION"));
    fs.rmSync(path.join(dataDir, "postgres.sql"));
    const hopeless = openPostgres({ databaseUrl: null, dataDir, log });
    await expect(hopeless).rejects.toThrow("there is no SQL dump beside it");
  });

  test("a start that was interrupted while it made the cluster begins again", async () => {
    const dataDir = newDataDir();
    fs.mkdirSync(path.join(dataDir, "postgres.new"));
    fs.writeFileSync(path.join(dataDir, "postgres.new", "PG_VERSION"), "18");
    const store = await openPostgres({ databaseUrl: null, dataDir, log });
    expect(await slugsOf(store)).toEqual(["default"]);
    await store.close();
  });
});

test("numbered migrations only ever grow later: drizzle skips an older one that comes after", () => {
  const journal: unknown = JSON.parse(fs.readFileSync("db/migrations/meta/_journal.json", "utf8"));
  const entries = (journal as { entries: { when: number }[] }).entries.map((entry) => entry.when);
  expect(entries).toEqual([...new Set(entries)].sort((a, b) => a - b));
});

const missing = "SKIPPED: PostgreSQL 15 is not installed (apt-get install postgresql-15)";
describe.skipIf(!hasPostgres15)(hasPostgres15 ? "PostgreSQL 15" : missing, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres15();
  });
  afterAll(() => server.stop());

  const open = (databaseUrl: string) => openPostgres({ databaseUrl, dataDir: "/nowhere", log });

  test("money comes back as text, time as the same instant whatever the server's zone, and a failed transaction leaves nothing", async () => {
    const store = await open(server.createDatabase());
    await checkStore(store);
    expect(await slugsOf(store)).toEqual(["a", "default"]);
    await store.close();
  });

  test("processes that start at once migrate once", async () => {
    const url = server.createDatabase();
    const stores = await Promise.all([open(url), open(url), open(url)]);
    for (const store of stores) expect(await slugsOf(store)).toEqual(["default"]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("a migration that fails leaves nothing half done, and the next start goes on", async () => {
    const url = server.createDatabase();
    const first = await open(url);
    await first.db.execute(sql`drop table settings cascade`);
    await first.db.execute(sql`delete from drizzle.__drizzle_migrations`);
    await first.close();
    await expect(open(url)).rejects.toThrow(/^PostgreSQL at 127\.0\.0\.1:\d+\/t_\w+: /);
    const other = await open(server.createDatabase());
    await other.close();
  });

  test("a server out of reach is refused in one sentence without its password", async () => {
    const refusal = openPostgres({
      databaseUrl: "postgres://outlay:secret@127.0.0.1:1/x",
      dataDir: "/nowhere",
      log,
    });
    await expect(refusal).rejects.toMatchObject({ isStartError: true });
    await expect(refusal).rejects.toThrow(/^PostgreSQL at 127\.0\.0\.1:1\/x: /);
    await expect(refusal).rejects.not.toThrow("secret");
  });

  test("an outage is told by ping, and the store is back when the server is", async () => {
    const store = await open(server.createDatabase());
    server.pause();
    expect(await store.ping()).toBe(false);
    server.resume();
    expect(await store.ping()).toBe(true);
    await store.close();
  });
});
