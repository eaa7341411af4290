import { sql } from "drizzle-orm";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { changePolicyVersion, noteStateChange } from "@/db/queries/policy";
import { killSwitches } from "@/db/schema/kill-switches";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import { createLog } from "@/lib/log";
import { watchPolicy } from "@/lib/policy/watch-policy";
import { listPostgresEngines } from "@/lib/testing/list-postgres-engines";

const SOON = { timeout: 20_000 };
/** So long that only a notice can be what told. */
const NEVER_MS = 3_600_000;

function follow(postgres: Postgres, pollMs = NEVER_MS) {
  const policies = createPolicyHolder();
  const watch = watchPolicy({ postgres, policies, log: createLog("silent"), pollMs });
  const told: number[] = [];
  const stop = watch.onChange(({ toldVersion }) => told.push(toldVersion));
  onTestFinished(async () => {
    stop();
    await watch.close();
  });
  return told;
}

const change = (postgres: Postgres) => postgres.db.transaction((tx) => changePolicyVersion(tx));

describe.each(listPostgresEngines())("on $engine", ({ engine, open }) => {
  async function openOne(): Promise<Postgres> {
    const postgres = await open();
    onTestFinished(() => postgres.close());
    return postgres;
  }

  test("a change of the policy, and a counter's new state, are told without a look", async () => {
    const postgres = await openOne();
    const told = follow(postgres);
    await expect.poll(() => told.length, SOON).toBe(1);
    const version = await change(postgres);
    await expect.poll(() => told.at(-1), SOON).toBe(version);
    await postgres.db.transaction((tx) => noteStateChange(tx));
    await expect.poll(() => told.at(-1), SOON).toBe(version + 1);
  });

  test("what was not committed is not told", async () => {
    const postgres = await openOne();
    const told = follow(postgres);
    await expect.poll(() => told.length, SOON).toBe(1);
    const [first] = told;
    const failed = postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    await change(postgres);
    await expect.poll(() => told.length, SOON).toBe(2);
    expect(told.at(-1)).toBe((first ?? 0) + 1);
  });

  test("a switch that ends by itself is told when it does", async () => {
    const postgres = await openOne();
    const told = follow(postgres);
    await expect.poll(() => told.length, SOON).toBe(1);
    await postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      const until = new Date(Date.now() + 1_500);
      await tx.insert(killSwitches).values({ scope: "global", engagedAt: new Date(), until });
    });
    await expect.poll(() => told.length, SOON).toBe(3);
    expect(told[1]).toBe(told[2]);
  });

  test.runIf(engine !== "PGlite")(
    "a connection that PostgreSQL ended is made anew, and what changed meanwhile is told",
    async () => {
      const postgres = await openOne();
      const told = follow(postgres);
      await expect.poll(() => told.length, SOON).toBe(1);
      await postgres.db.execute(
        sql`select pg_terminate_backend(pid) from pg_stat_activity
            where query ilike 'listen %' and datname = current_database()`,
      );
      const version = await change(postgres);
      await expect.poll(() => told.at(-1), SOON).toBe(version);
      const next = await change(postgres);
      await expect.poll(() => told.at(-1), SOON).toBe(next);
    },
  );

  test("where no notice comes, a look finds the change", async () => {
    const postgres = await openOne();
    const deaf = { ...postgres, listen: async () => ({ close: async () => undefined }) };
    const told = follow(deaf, 100);
    await expect.poll(() => told.length, SOON).toBe(1);
    const version = await change(postgres);
    await expect.poll(() => told.at(-1), SOON).toBe(version);
  });
});
