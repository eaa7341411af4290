import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PGlite, type QueryOptions } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PreparedPglite } from "@/db/prepared-pglite";
import { writeSqlDump } from "@/db/sql-dump";

let pg: PreparedPglite;
beforeAll(async () => {
  pg = new PreparedPglite();
  await pg.waitReady;
  await pg.exec("create table things (id int primary key, name text)");
});
afterAll(() => pg.close());

/** What PGlite itself answers. */
const asked = (text: string, values?: unknown[], options?: QueryOptions) =>
  PGlite.prototype.query.call(pg, text, values, options);

const VALUES: [string, unknown][] = [
  ["text", "it's \\ ü €"],
  ["text", ""],
  ["text", null],
  ["text", `it's \\ü€😀\n`.repeat(500)],
  ["int", 42],
  ["bigint", 9_007_199_254_740_993n],
  ["numeric(38,15)", "12345678901234567890.000000000000001"],
  ["boolean", false],
  ["uuid", "0191d3a4-0000-7000-8000-000000000001"],
  ["timestamptz", new Date("2026-03-29T01:30:00.123Z")],
  ["text[]", ["feature", 'a,"b', ""]],
  ["int[]", []],
  ["jsonb", { a: [1, null, "x"] }],
  ["bytea", new Uint8Array([0, 1, 255])],
];

const READINGS: QueryOptions[] = [{}, { rowMode: "array" }, { parsers: { 1184: (text) => text } }];

test("every value is written and read as PGlite itself does, the first time and later", async () => {
  for (const [type, value] of VALUES) {
    const text = `select $1::${type} as value, pg_typeof($1::${type})::text as type`;
    for (const options of READINGS) {
      const expected = await asked(text, [value], options);
      expect(await pg.query(text, [value], options)).toEqual(expected);
      expect(await pg.query(text, [value], options)).toEqual(expected);
    }
  }
});

test("writes say how many rows they changed", async () => {
  const insert = "insert into things values ($1, $2) returning name";
  expect(await pg.query(insert, [1, "one"])).toMatchObject({
    affectedRows: 1,
    rows: [{ name: "one" }],
  });
  expect(await pg.query("update things set name = $1", ["uno"])).toMatchObject({
    affectedRows: 1,
    rows: [],
  });
});

test("a refused statement says why and spoils none after it", async () => {
  const insert = "insert into things values ($1, $2)";
  await pg.query(insert, [2, "two"]);
  await expect(pg.query(insert, [2, "two"])).rejects.toMatchObject({ code: "23505" });
  await expect(pg.query("select nothing from nowhere")).rejects.toMatchObject({ code: "42P01" });
  await expect(pg.query(insert, ["x", "two"])).rejects.toMatchObject({ code: "22P02" });
  await pg.query(insert, [3, "three"]);
  expect((await pg.query("select id from things where id = $1", [3])).rows).toEqual([{ id: 3 }]);
});

test("a transaction is whole or nothing, others wait for it, and its end is its end", async () => {
  const insert = "insert into things values ($1, $2) returning id, 'in a transaction' as said";
  let later: Promise<unknown> | undefined;
  const failing = pg.transaction(async (tx) => {
    await tx.query(insert, [10, "ten"]);
    later = pg.query("select count(*)::int as n from things where id in (10, 11)");
    await tx.query(insert, [10, "ten"]);
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  expect(await later).toMatchObject({ rows: [{ n: 0 }] });
  const kept = await pg.transaction(async (tx) => {
    await tx.query(insert, [11, "eleven"]);
    return tx;
  });
  expect((await pg.query("select name from things where id = $1", [11])).rows).toHaveLength(1);
  await expect(kept.query("select 1")).rejects.toThrow("closed");
});

test("what the engine forgot or a table that changed is prepared anew", async () => {
  await pg.exec("create table shapes (id int)");
  const all = "select * from shapes";
  expect((await pg.query(all)).fields).toHaveLength(1);
  await pg.exec("alter table shapes add column sides int");
  expect((await pg.query(all)).fields).toHaveLength(2);
  await pg.exec("deallocate all");
  expect((await pg.query(all)).fields).toHaveLength(2);
  // Past this class, as pg_dump may: nobody told us.
  await PGlite.prototype.exec.call(pg, "deallocate all");
  expect((await pg.query(all)).fields).toHaveLength(2);
});

test("a dump, which makes the engine forget them all, disturbs none after it", async () => {
  const count = "select count(*)::int as n from things where id < $1";
  const before = await pg.query(count, [0]);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-prepared-"));
  await writeSqlDump(pg, path.join(folder, "dump.sql"));
  await pg.transaction(async (tx) => expect(await tx.query(count, [0])).toEqual(before));
  fs.rmSync(folder, { recursive: true });
});

test("the engine keeps a bounded number of statements, and a text that was given up still works", async () => {
  for (let n = 0; n < 450; n += 1) {
    const { rows } = await pg.query(`select $1::int + ${n} as sum`, [n % 7]);
    expect(rows).toEqual([{ sum: n + (n % 7) }]);
  }
  const { rows } = await pg.query<{ n: number }>(
    "select count(*)::int as n from pg_prepared_statements where name like 'outlay%'",
  );
  expect(rows[0]?.n).toBe(200);
  expect((await pg.query("select $1::int + 0 as sum", [5])).rows).toEqual([{ sum: 5 }]);
});
