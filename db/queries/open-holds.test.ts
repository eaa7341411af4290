import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Postgres } from "@/db/postgres";
import { openHoldsOf, sumOpenHolds } from "@/db/queries/budget-generations";
import { rowsOf } from "@/db/rows-of";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

const BUDGET = "00000000-0000-4000-8000-000000000001";
let postgres: Postgres;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());

const insert = (state: string, mode: string, count: number) =>
  postgres.db.execute(sql`
    insert into reservations (project_id, id, state, decision, type, holds, created_at, expires_at)
    select ${BUDGET}::uuid, ${state} || ${mode} || i, ${state}::text, 'allow', 'llm',
      jsonb_build_array(jsonb_build_object('budget_id', ${BUDGET}::text, 'value', 'a', 'period', 'p',
        'mode', ${mode}::text, 'usd', '0.000000000000001', 'tokens', '1', 'calls', '1', 'tool_calls', '0')),
      now(), now()
    from generate_series(1, ${count}::int) i`);

test("what is held is all of the open, of the presumed what is strict, and nothing that ended is gone through for it", async () => {
  await insert("settled", "strict", 20_000);
  await insert("expired", "strict", 10);
  await insert("held", "enforce", 2);
  await insert("held", "strict", 3);
  await insert("presumed", "strict", 5);
  await insert("presumed", "enforce", 7);
  expect(await sumOpenHolds(postgres.db, BUDGET)).toEqual([
    {
      value: "a",
      period: "p",
      usd: "0.000000000000010",
      tokens: "10",
      calls: "10",
      toolCalls: "0",
    },
  ]);
  // As an embedded store that was never analysed plans it, and as one that was.
  for (const analyze of [false, true]) {
    if (analyze) await postgres.db.execute(sql`analyze reservations`);
    const plan = await postgres.db.execute(sql`explain ${openHoldsOf(BUDGET)}`);
    const lines = z.array(z.object({ "QUERY PLAN": z.string() })).parse(rowsOf(plan));
    const text = lines.map((line) => line["QUERY PLAN"]).join("\n");
    expect(text).toContain("reservations_open");
    expect(text).toContain("reservations_presumed");
    expect(text).not.toContain("Seq Scan on reservations");
  }
});
