import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { rowsOf } from "@/db/rows-of";
import { doUpkeep, listUpkeep, startVacuuming } from "@/db/vacuum-embedded";
import { createLog } from "@/lib/log";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());

const run = (text: string) => postgres.db.execute(sql.raw(text));
const insertClaims = (count: number) =>
  run(`insert into budget_events (project_id, bucket, id_hash)
    select gen_random_uuid(), 900 * i, md5(i::text) from generate_series(1, ${count}) i`);
async function claims() {
  const [row] = rowsOf(
    await run(`select pg_relation_size(oid)::int as bytes, reltuples::int as known
      from pg_class where relname = 'budget_events'`),
  );
  return row as { bytes: number; known: number };
}
async function cleanUp() {
  for (let [next] = await listUpkeep(postgres.db); next; [next] = await listUpkeep(postgres.db)) {
    await doUpkeep(postgres.db, next);
  }
}

test("a table takes no more space for what was deleted, and its size is known", async () => {
  await insertClaims(3_000);
  await cleanUp();
  const full = await claims();
  expect(full.known).toBe(3_000);
  for (let round = 0; round < 3; round++) {
    await run("delete from budget_events");
    expect(await listUpkeep(postgres.db)).toContainEqual({ name: "budget_events", task: "vacuum" });
    await cleanUp();
    await insertClaims(3_000);
  }
  expect((await claims()).bytes).toBeLessThanOrEqual(full.bytes);
  const job = startVacuuming({ db: postgres.db, log: createLog("silent"), firstMs: 0 });
  await expect.poll(() => listUpkeep(postgres.db)).toEqual([]);
  await job.close();
});

test("a table of which little died is left alone, a large one is cleaned up long before a fifth of it has", async () => {
  await run("truncate budget_events");
  await insertClaims(60_000);
  expect(await listUpkeep(postgres.db)).toContainEqual({ name: "budget_events", task: "vacuum" });
  await cleanUp();
  await run("delete from budget_events where bucket < 900 * 1000");
  expect(await listUpkeep(postgres.db)).toEqual([]);
  await run("delete from budget_events where bucket < 900 * 10300");
  expect(await listUpkeep(postgres.db)).toContainEqual({ name: "budget_events", task: "vacuum" });
});
