import { randomInt, randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { inArray } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import {
  type ClickHouseHttp,
  serveClickHouseHttp,
} from "@/db/clickhouse/testing/serve-clickhouse-http";
import { openPostgres, type Postgres } from "@/db/postgres";
import { listBudgetCounters } from "@/db/queries/budget-counters";
import { changePolicyVersion } from "@/db/queries/policy";
import { findProjectBySlug, insertProject } from "@/db/queries/projects";
import { budgets } from "@/db/schema/budgets";
import {
  type AgentTally,
  CappedAgent,
  type GuardServer,
  newTally,
  seededRandom,
} from "@/ingest/testing/capped-agent";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { startProcess, type TestProcess } from "@/ingest/testing/start-process";
import { readUsd } from "@/lib/budgets/budget-row";
import { createLog } from "@/lib/log";
import { formatUsd } from "@/lib/money";
import { placeTestCluster } from "@/lib/testing/open-test-postgres";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";

const AGENTS = 1_000;
const CALLS_EACH = process.env.SOAK ? 12 : 1;
const KILLS = process.env.SOAK ? 20 : 2;
/** Printed with a failure; set it to see the same choices again. */
const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));
const log = createLog("silent");

type BudgetInput = typeof budgets.$inferInsert;
const STRICT = {
  name: "a cap",
  timeZone: "UTC",
  window: "month",
  mode: "strict",
  action: "block",
  unpriced: "block",
  createdBy: "a test",
  // Made before anything was spent: there is nothing to be summed first.
  generation: 1,
} as const;

/** What is spent in the end is far above each of these, where nothing holds. */
const ONE = (projectId: string): BudgetInput[] => [
  { ...STRICT, projectId, scope: "project", limitUsd: "40" },
];
const FIVE = (projectId: string): BudgetInput[] => [
  { ...STRICT, projectId: null, scope: "global", limitUsd: "60", timeZone: "Asia/Kathmandu" },
  { ...STRICT, projectId, scope: "project", limitUsd: "50", timeZone: "America/New_York" },
  { ...STRICT, projectId, scope: "agent", value: "*", limitUsd: "3.5" },
  {
    ...STRICT,
    projectId,
    scope: "feature",
    value: "f-1",
    limitUsd: "12",
    limitTokens: 40_000_000n,
  },
  { ...STRICT, projectId, scope: "session", value: "*", window: "session", limitCalls: 20n },
];

interface World {
  dir: string;
  databaseUrl: string | null;
  clickhouseUrl: string | null;
  clickhouse: ClickHouseHttp | null;
  postgres15: PostgresServer | null;
  close(): Promise<void>;
}

async function openWorld(pair: "embedded" | "servers"): Promise<World> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-caps-"));
  const remove = () => fs.rmSync(dir, { recursive: true, force: true });
  if (pair === "embedded") {
    await placeTestCluster(dir);
    const none = { databaseUrl: null, clickhouseUrl: null, clickhouse: null, postgres15: null };
    return { dir, ...none, close: async () => remove() };
  }
  const clickhouse = await serveClickHouseHttp();
  const postgres15 = await startPostgres15();
  return {
    dir,
    databaseUrl: postgres15.createDatabase(),
    clickhouseUrl: clickhouse.url,
    clickhouse,
    postgres15,
    async close() {
      postgres15.stop();
      await clickhouse.close();
      remove();
    },
  };
}

/** Makes the project and its budgets, before a process looks for them. */
async function makeBudgets(world: World, make: (projectId: string) => BudgetInput[]) {
  const { databaseUrl, dir } = world;
  const postgres = await openPostgres({ databaseUrl, dataDir: dir, log });
  try {
    const known = await findProjectBySlug(postgres.db, "default");
    const project =
      known ?? (await insertProject(postgres.db, { slug: "default", name: "Default" }));
    if (!project) throw new Error("no project");
    return await postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      return tx.insert(budgets).values(make(project.id)).returning();
    });
  } finally {
    await postgres.close();
  }
}

/** A server that is there again after each death; whoever asks for it while it is away waits. */
class MortalServer {
  #current: Promise<TestProcess>;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.#current = this.#start();
  }

  #start(): Promise<TestProcess> {
    const { dir, databaseUrl, clickhouseUrl } = this.#world;
    return startProcess({ dir, databaseUrl, clickhouseUrl });
  }

  readonly reach = async (): Promise<GuardServer> => {
    const { url, keys } = await this.#current;
    return { url, key: keys.default };
  };

  /** Kills it without a word and starts another one. */
  async die(): Promise<void> {
    const dying = await this.#current;
    dying.kill("SIGKILL");
    this.#current = dying.ended.then(() => this.#start());
    await this.#current;
  }

  async end(): Promise<void> {
    const last = await this.#current;
    last.kill("SIGKILL");
    await last.ended;
  }
}

/** A thousand agents at once; `during` happens to them. */
async function runAgents(
  server: () => Promise<GuardServer>,
  during: (progress: () => number) => Promise<void>,
): Promise<AgentTally> {
  const tally = newTally();
  const foreignId = randomUUID();
  const random = seededRandom(SEED);
  let calls = 0;
  const agents = Array.from({ length: AGENTS }, async (_, n) => {
    const tags = {
      agent: `agent-${n % 25}`,
      feature: `f-${n % 4}`,
      user: `u-${n % 100}`,
      session: `s-${n % 80}`,
    };
    const agent = new CappedAgent({ seed: random(2 ** 31), tags, tally, foreignId });
    for (let i = 0; i < CALLS_EACH; i++) {
      await agent.call(server);
      calls += 1;
    }
  });
  await Promise.all([...agents, during(() => calls)]);
  return tally;
}

async function listOwnBudgets(postgres: Postgres, made: readonly BudgetInput[]) {
  const ids = made.flatMap(({ id }) => id ?? []);
  return postgres.db.select().from(budgets).where(inArray(budgets.id, ids));
}

function keyOf({ id, generation }: Pick<BudgetInput, "id" | "generation">) {
  return { budgetId: id ?? "", generation: generation ?? 0 };
}

/** What the ledger itself says a budget's values spent, from its calls one by one. */
async function sumLedger(ingest: TestIngest, row: BudgetInput, postgres: Postgres) {
  const counters = await listBudgetCounters(postgres.db, keyOf(row));
  const column = row.scope === "session" ? "session" : row.scope;
  return Promise.all(
    counters.map(async ({ value, ...counter }) => {
      const isTagged = !["global", "project"].includes(row.scope);
      const where = isTagged ? `${column} = {value:String}` : "1";
      const [sum] = (await ingest.clickhouse.query(
        `SELECT toString(ifNull(sum(cost_usd), toDecimal128(0, 15))) AS usd, toString(countIf(type = 'llm')) AS calls,
           toString(sum(input_tokens + output_tokens)) AS tokens
         FROM llm_calls FINAL WHERE counted AND ${where}`,
        { value },
      )) as { usd: string; calls: string; tokens: string }[];
      return { counter, sum };
    }),
  );
}

/** What cannot be read fails: as 0 it would equal another 0. */
const usd = (text: string | null | undefined) => readUsd(text ?? "");
const over = (amount: bigint) => (amount > 0n ? amount : 0n);

/** Opens what is left in this process, lets it count, and holds it against the ledger and the limits. */
async function expectCapsHeld(world: World, made: BudgetInput[], tally: AgentTally) {
  const { dir, databaseUrl, clickhouseUrl } = world;
  const postgres = await openPostgres({ databaseUrl, dataDir: dir, log });
  const ingest = await openTestIngest({ dir, postgres, clickhouseUrl });
  try {
    await Promise.all([ingest.calls.drained(), ingest.counters.counted()]);
    const stored = await ingest.rows();
    expect(new Set(stored.map(({ id }) => id))).toEqual(tally.events);
    // Integrity may have counted them from the ledger meanwhile: what decides is the generation that is current.
    const rows = await listOwnBudgets(postgres, made);
    for (const row of rows) {
      const sums = await sumLedger(ingest, row, postgres);
      expect(sums.length).toBeGreaterThan(0);
      for (const { counter, sum } of sums) {
        expect(usd(counter.spentUsd)).toBe(usd(sum?.usd));
        expect(counter.spentCalls).toBe(sum?.calls);
        expect(counter.spentTokens).toBe(sum?.tokens);
        // Every hold was settled or given back by its own agent.
        expect(counter).toMatchObject({ reservedTokens: "0", reservedCalls: "0" });
        expect(usd(counter.reservedUsd)).toBe(0n);
        const reserved = usd(counter.spentUsd) - usd(counter.unreservedUsd);
        if (row.limitUsd) expect(over(reserved - usd(row.limitUsd))).toBe(0n);
      }
      const unreserved = sums.reduce(
        (all, { counter }) => all + Number(counter.unreservedEvents),
        0,
      );
      if (row.scope === "project") expect(unreserved).toBe(tally.unreserved.size);
    }
    await expectNoHeadroomRefused(ingest, rows, postgres);
  } finally {
    await ingest.close();
  }
}

/** With every hold settled, a call that takes exactly what is left of all its budgets is let through, a hair more is not. */
async function expectNoHeadroomRefused(
  ingest: TestIngest,
  rows: BudgetInput[],
  postgres: Postgres,
): Promise<void> {
  const key = await ingest.makeKey({ scopes: ["guard"] });
  // Of an agent that is new, in no feature and no session: of the budget of each agent nothing is spent.
  const lefts = await Promise.all(
    rows.map(async ({ scope, limitUsd, ...row }) => {
      if (scope === "feature" || !limitUsd) return [];
      const counters = await listBudgetCounters(postgres.db, keyOf(row));
      const spent = scope === "agent" ? 0n : usd(counters[0]?.spentUsd);
      return [usd(limitUsd) - spent];
    }),
  );
  const [left = 0n] = lefts.flat().sort((a, b) => (a < b ? -1 : 1));
  const ask = async (femtoUsd: bigint) => {
    const body = { agent: "last", model: "gpt-4o", estimated_cost_usd: formatUsd(femtoUsd) };
    const answer = await ingest.post(body, { path: "/v1/reservations", key });
    return (answer.body as unknown as { decision: string }).decision;
  };
  // What was never reserved may have used up all there was.
  if (left <= 0n) return expect(await ask(1n)).toBe("block");
  expect(await ask(left + 1n)).toBe("block");
  expect(await ask(left)).toBe("allow");
  expect(await ask(1n)).toBe("block");
}

const PAIRS = ["embedded", "servers"] as const;
const BUDGETS = [
  { count: "one strict budget", make: ONE },
  { count: "five overlapping ones", make: FIVE },
];

describe.each(PAIRS)("stores: %s", (pair) => {
  const isHere = pair === "embedded" || hasPostgres15;
  test.skipIf(!isHere).each(BUDGETS)(
    `${AGENTS} agents at once against $count, ${KILLS} times kill -9 and stores away: nothing over the cap, nothing refused with headroom left, counters equal the ledger`,
    async ({ make }) => {
      const world = await openWorld(pair);
      try {
        const rows = await makeBudgets(world, make);
        const server = new MortalServer(world);
        const tally = await runAgents(server.reach, async (progress) => {
          const all = AGENTS * CALLS_EACH;
          for (let kill = 1; kill <= KILLS; kill++) {
            const at = (all * kill) / (KILLS + 1);
            await expect.poll(progress, PATIENCE).toBeGreaterThanOrEqual(at);
            await server.die();
            await takeStoresAway(world, server.reach, kill);
          }
        });
        await server.end();
        expect(tally.allowed).toBeGreaterThan(0);
        expect(tally.refused).toBeGreaterThan(0);
        await expectCapsHeld(world, rows, tally);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        throw new Error(`SEED=${SEED}\n${text}`, { cause: error });
      } finally {
        await world.close();
      }
    },
    1_200_000,
  );
});

const PATIENCE = { timeout: 600_000, interval: 20 };

/** One store after the other is away until the server has noticed. */
async function takeStoresAway(
  { clickhouse, postgres15 }: World,
  server: () => Promise<GuardServer>,
  round: number,
): Promise<void> {
  const store = round % 2 === 1 ? "clickhouse" : "postgres";
  if (!clickhouse || !postgres15) return;
  if (store === "clickhouse") await clickhouse.fail("closed");
  else postgres15.pause();
  try {
    const readiness = async () => (await fetch(`${(await server()).url}/readyz`)).json();
    await expect.poll(readiness, PATIENCE).toMatchObject({ [store]: false });
  } finally {
    if (store === "clickhouse") await clickhouse.recover();
    else postgres15.resume();
  }
}
