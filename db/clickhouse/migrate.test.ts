import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { migrateClickHouse } from "@/db/clickhouse/migrate";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { createLog } from "@/lib/log";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
let dir: string;
let ours: string[];
const log = createLog("silent");
const write = (name: string, text: string) => writeFile(path.join(dir, name), text);
const applied = () => clickhouse.query("SELECT name FROM schema_migrations FINAL ORDER BY name");

beforeAll(async () => {
  ours = (await readdir("db/clickhouse/migrations")).sort();
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
  dir = path.join(store.dataDir, "migrations");
  await mkdir(dir);
  const first = "0001_llm_calls.sql";
  await write(first, await readFile(`db/clickhouse/migrations/${first}`, "utf8"));
});
afterAll(() => store.close());

test("migrating twice changes nothing", async () => {
  await migrateClickHouse(clickhouse, { log });
  expect(await applied()).toEqual(ours.map((name) => ({ name })));
});

test("a migration cut short is not recorded and runs again from its start", async () => {
  const good =
    "-- a; comment;\nCREATE TABLE IF NOT EXISTS cut (a String DEFAULT ';')\nENGINE = Memory;\n";
  await write(
    "0009_cut.sql",
    `${good}CREATE TABLE IF NOT EXISTS broken (a Nonsense) ENGINE = Memory;`,
  );
  await expect(migrateClickHouse(clickhouse, { log, dir })).rejects.toMatchObject({
    name: "QueryFailedError",
  });
  expect(await applied()).toHaveLength(ours.length);
  await write("0009_cut.sql", `${good}INSERT INTO cut VALUES ('once');`);
  await migrateClickHouse(clickhouse, { log, dir });
  await migrateClickHouse(clickhouse, { log, dir });
  expect(await clickhouse.query("SELECT a FROM cut")).toEqual([{ a: "once" }]);
  expect(await applied()).toHaveLength(ours.length + 1);
});

test("a migration that was changed after it ran is refused", async () => {
  await write("0009_cut.sql", "SELECT 1;");
  await expect(migrateClickHouse(clickhouse, { log, dir })).rejects.toMatchObject({
    code: "migration_changed",
  });
});
