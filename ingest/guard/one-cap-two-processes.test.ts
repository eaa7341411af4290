import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  type ClickHouseHttp,
  serveClickHouseHttp,
} from "@/db/clickhouse/testing/serve-clickhouse-http";
import { type Db, openPostgres } from "@/db/postgres";
import { findBudgetRow } from "@/db/queries/budgets";
import { budgetEvents } from "@/db/schema/budgets";
import { readCountedBudgets } from "@/ingest/testing/expect-caps-held";
import { type GuardServer, sendUntilAnswered } from "@/ingest/testing/guard-server";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import { startProcess } from "@/ingest/testing/start-process";
import { readUsd } from "@/lib/budgets/budget-row";
import { createLog } from "@/lib/log";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";
import { makeBudget, readReservation } from "@/lib/testing/test-budgets";

const log = createLog("silent");
const CALLS = process.env.SOAK ? 600 : 60;
const USAGE = { input_tokens: 1_000, max_output_tokens: 500 };
/** Over by the other's clock as soon as it is made; by the own one far beyond what this takes. */
const TTL_SECONDS = 300;
const CLOCKS_APART_MS = 330_000;
const FINISHED_APART_MS = 8_000;

const missing = "SKIPPED: PostgreSQL 15 is not installed (apt-get install postgresql-15)";
describe.skipIf(!hasPostgres15)(hasPostgres15 ? "two processes on one PostgreSQL" : missing, () => {
  let server: ClickHouseHttp;
  let postgres15: PostgresServer;
  let databases = 0;
  beforeAll(async () => {
    [server, postgres15] = [await serveClickHouseHttp(), await startPostgres15()];
  });
  afterAll(async () => {
    postgres15?.stop();
    await server?.close();
  });

  async function openBoth(clockMs: number) {
    const databaseUrl = postgres15.createDatabase();
    const clickhouseUrl = `${server.url}/cap_${++databases}`;
    const postgres = await openPostgres({ databaseUrl, dataDir: "unused", log });
    const ingest = await openTestIngest({ postgres, clickhouseUrl });
    onTestFinished(() => ingest.close());
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-cap-"));
    const other = await startProcess({ dir, databaseUrl, clickhouseUrl, clockMs });
    onTestFinished(async () => {
      other.kill("SIGKILL");
      await other.ended;
      fs.rmSync(dir, { recursive: true, force: true });
    });
    const key = await ingest.makeKey({ scopes: ["ingest", "guard"] });
    const one: GuardServer = { url: ingest.url, key };
    const two: GuardServer = { url: other.url, key: other.keys.default };
    return { ingest, one, two };
  }

  const send = async (to: GuardServer, where: string, body: object) => {
    const answer = await sendUntilAnswered(async () => to, "POST", where, body);
    return { status: answer.status, body: JSON.parse(answer.text) };
  };

  test.each([
    ["minutes ahead", CLOCKS_APART_MS],
    ["minutes behind", -CLOCKS_APART_MS],
    // Near enough that what Integrity begins at once is finished and decides.
    ["seconds ahead", FINISHED_APART_MS],
  ])(
    "the other's clock %s: a hold of one is settled by an event at the other, what both are told counts once, and nothing ends before its time",
    async (_, clockMs) => {
      const { ingest, one, two } = await openBoth(clockMs);
      const { db } = ingest.postgres;
      const projectId = ingest.projectIds.default;
      const rules = { projectId, unpriced: "block", limitUsd: "1000" } as const;
      const made = [
        await makeBudget(db, { ...rules, scope: "project", window: "month", mode: "strict" }),
        await makeBudget(db, { ...rules, scope: "user", value: "*", window: "month" }),
        await makeBudget(db, { ...rules, scope: "session", value: "*", window: "session" }),
      ];
      const untold = new Set<string>();
      let unreserved = 0;
      const call = async (n: number) => {
        const [asked, told] = n % 2 ? [one, two] : [two, one];
        const id = `r-${n}`;
        const tags = { user: `u-${n % 3}`, session: `s-${n % 5}` };
        const named = { ...tags, provider: "openai", model: "gpt-4o" };
        const wish = { ...named, id, estimated_usage: USAGE, ttl_seconds: TTL_SECONDS };
        const event = {
          ...named,
          id: `e-${n}`,
          // By the machine's clock, as of an agent on a third machine.
          timestamp: new Date(Date.now() - 1_000).toISOString(),
          usage: { input_tokens: 900 + n, output_tokens: n },
          reservation_id: id,
        };
        // Before anybody knows the reservation: no hold covers it.
        const isEarly = n % 10 === 0;
        if (isEarly) {
          expect((await send(told, "/v1/events", event)).status).toBe(202);
          await expect.poll(() => isCounted(db, `e-${n}`)).toBe(true);
          unreserved += 1;
        }
        await expect
          .poll(async () => (await send(asked, "/v1/reservations", wish)).body)
          .toMatchObject({ decision: "allow", reasons: [] });
        if (isEarly || n % 10 === 5) untold.add(id);
        if (n % 10 === 5) return;
        // To both at once, twice each.
        await Promise.all([told, asked, told, asked].map((to) => send(to, "/v1/events", event)));
      };
      await Promise.all(Array.from({ length: CALLS }, (_, n) => call(n)));
      const drained = async () => {
        await ingest.calls.drained();
        const rows = await ingest.rows();
        return new Set(rows.map(({ id }) => id)).size;
      };
      await expect.poll(drained).toBe(CALLS - CALLS / 10);
      const rows = await ingest.rows();
      const sumOf = (mine: (row: Record<string, unknown>) => boolean) => {
        const own = rows.filter(mine);
        const usd = own.reduce((sum, { cost_usd }) => sum + readUsd(String(cost_usd)), 0n);
        return { usd, calls: own.length };
      };
      const figures = async () => {
        const counted = await readCountedBudgets(
          ingest.postgres,
          made.map(({ id }) => id),
        );
        return counted.flatMap(({ row, counters }) =>
          counters.map(({ value, spentUsd, spentCalls, reservedCalls }) => ({
            scope: row.scope,
            value,
            usd: readUsd(spentUsd),
            calls: Number(spentCalls),
            held: Number(reservedCalls),
          })),
        );
      };
      const heldBy = (mine: (n: number) => boolean) =>
        [...untold].filter((id) => mine(Number(id.slice(2)))).length;
      const expected = [
        { scope: "project", value: projectId, ...sumOf(() => true), held: untold.size },
        ...[0, 1, 2].map((u) => ({
          scope: "user",
          value: `u-${u}`,
          ...sumOf(({ user }) => user === `u-${u}`),
          held: heldBy((n) => n % 3 === u),
        })),
        ...[0, 1, 2, 3, 4].map((s) => ({
          scope: "session",
          value: `s-${s}`,
          ...sumOf(({ session }) => session === `s-${s}`),
          held: heldBy((n) => n % 5 === s),
        })),
      ];
      if (clockMs === FINISHED_APART_MS) {
        for (const { id } of made) {
          await expect.poll(async () => (await findBudgetRow(db, id))?.generation).toBe(2);
        }
      }
      const byName = (a: { scope: string; value: string }, b: typeof a) =>
        `${a.scope} ${a.value}` < `${b.scope} ${b.value}` ? -1 : 1;
      await expect
        .poll(async () => (await figures()).sort(byName), { timeout: 30_000 })
        .toEqual(expected.sort(byName));
      const [counted] = await readCountedBudgets(ingest.postgres, [made[0]?.id ?? ""]);
      expect(Number(counted?.counters[0]?.unreservedEvents)).toBe(unreserved);
      // By one of the clocks they are over since long.
      for (const id of untold) expect((await readReservation(db, id))?.state).toBe("held");
      // A second of its own, and it ends: nothing waits for what does not come.
      if (clockMs > 0) {
        const id = randomUUID();
        const wish = { id, model: "gpt-4o", provider: "openai", estimated_usage: USAGE };
        await send(one, "/v1/reservations", { ...wish, ttl_seconds: 1 });
        await expect
          .poll(async () => (await readReservation(db, id))?.state, { timeout: 30_000 })
          .toBe("presumed");
      }
    },
    300_000,
  );
});

/** One process has claimed it, in the transaction in which it counted it. */
async function isCounted(db: Db, eventId: string): Promise<boolean> {
  const idHash = createHash("md5").update(eventId).digest("hex");
  const rows = await db.select().from(budgetEvents).where(eq(budgetEvents.idHash, idHash));
  return rows.length > 0;
}
