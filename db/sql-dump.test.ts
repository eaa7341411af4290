import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { expect, test } from "vitest";
import { writeSqlDump } from "@/db/sql-dump";

test("a dump leaves the store in use as it found it: tables are found, and no setting is another", async () => {
  const pg = await PGlite.create();
  await pg.exec("set time zone 'UTC'; create table things (id int); insert into things values (1)");
  const settingsOf = async () =>
    (await pg.query("select name, setting from pg_settings order by name")).rows;
  const before = await settingsOf();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-dump-"));
  const file = path.join(folder, "dump.sql");
  for (let n = 0; n < 2; n += 1) {
    await writeSqlDump(pg, file);
    expect(await settingsOf()).toEqual(before);
    expect((await pg.query("select id from things")).rows).toEqual([{ id: 1 }]);
  }
  expect(fs.readFileSync(file, "utf8")).toContain("INSERT INTO public.things VALUES (1)");
  await pg.close();
  fs.rmSync(folder, { recursive: true });
});
