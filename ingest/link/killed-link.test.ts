import { randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openPostgres } from "@/db/postgres";
import { listLinkBatches } from "@/db/queries/link-batches";
import { llmSpan, otlpRequest, type TestSpan } from "@/ingest/otlp/testing/otlp-request";
import { type GuardServer, seededRandom, sendUntilAnswered } from "@/ingest/testing/guard-server";
import { type MortalWorld, openMortalWorld } from "@/ingest/testing/mortal-server";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { type DeathWish, SPAN_DEATH_POINTS } from "@/ingest/testing/process-options";
import { DiedAtStartError, startProcess, type TestProcess } from "@/ingest/testing/start-process";
import { countersOf, sumsOf } from "@/lib/corrections/testing/open-test-corrections";
import { createLog } from "@/lib/log";
import { hasPostgres15 } from "@/lib/testing/start-postgres-15";

const DEATHS = process.env.SOAK ? 12 : 2;
/** Printed with a failure; set it to see the same choices again. */
const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));
/** By then it stored and linked what it was sent. */
const PATIENCE_MS = 1_500;
const log = createLog("silent");
const AT = Date.UTC(2026, 10, 20, 10);
const TRACES = Array.from({ length: 12 }, (_, i) => `d${i + 1}`);

/**
 * A trace: an agent whose span tells more than its two calls come to, one of which a client around it tells again. What
 * counts is the two calls, and the rest of the agent's span.
 */
function makeTrace(trace: string): TestSpan[] {
  const attributes = { "session.id": `session of ${trace}` };
  const usage = { input: 1000, output: 10 };
  return [
    llmSpan(
      { trace, span: "1", atMs: AT, endMs: AT + 900, attributes },
      { input: 4000, output: 40 },
    ),
    llmSpan({ trace, span: "2", parent: "1", atMs: AT + 10 }, usage),
    llmSpan({ trace, span: "3", parent: "1", atMs: AT + 200, endMs: AT + 400 }, usage),
    llmSpan({ trace, span: "4", parent: "3", atMs: AT + 210 }, usage),
    { trace, span: "5", parent: "1", atMs: AT + 500, name: "execute_tool search" },
  ];
}
const [CALL, REST] = ["0.0026", "0.0052"];

/** A process that dies as it was told to, and one after it that dies of something else, until none is left to die. */
class Successors {
  readonly #world: MortalWorld;
  readonly #dir: string;
  readonly #wishes: DeathWish[];
  #current: Promise<TestProcess>;
  #isOver = false;
  deaths = 0;

  constructor(world: MortalWorld, dir: string, wishes: readonly DeathWish[]) {
    this.#world = world;
    this.#dir = dir;
    this.#wishes = [...wishes];
    this.#current = this.#start();
  }

  async #start(): Promise<TestProcess> {
    const { databaseUrl, clickhouseUrl } = this.#world;
    const deathWish = this.#wishes.shift() ?? null;
    const options = { dir: this.#dir, databaseUrl, clickhouseUrl, deathWish };
    try {
      const born = await startProcess(options);
      void born.ended.then(() => this.#succeed());
      return born;
    } catch (error) {
      // Its first work may be what it dies of: what the one before it left.
      if (!(error instanceof DiedAtStartError) || error.how !== "SIGKILL") throw error;
      this.deaths += 1;
      return this.#start();
    }
  }

  #succeed(): void {
    if (this.#isOver) return;
    this.deaths += 1;
    this.#current = this.#start();
  }

  readonly reach = async (): Promise<GuardServer> => {
    const { url, keys } = await this.#current;
    return { url, key: keys.default };
  };

  /** Waits until the one that is there dies as it was told to, and kills it where it does not come to that point. */
  async die(): Promise<void> {
    const dying = await this.#current;
    const timer = setTimeout(() => dying.kill("SIGKILL"), PATIENCE_MS);
    await dying.ended;
    clearTimeout(timer);
  }

  /** Kills the last of them. */
  async end(): Promise<void> {
    // One that is dying has a successor in a moment.
    this.#isOver = true;
    const last = await this.#current;
    last.kill("SIGKILL");
    await last.ended;
  }
}

function makeWishes(random: (below: number) => number): DeathWish[] {
  const whens = ["before", "during", "after"] as const;
  return Array.from({ length: DEATHS }, () => ({
    point: SPAN_DEATH_POINTS[random(SPAN_DEATH_POINTS.length)] ?? "commit",
    nth: 1 + random(3),
    when: whens[random(whens.length)] ?? "during",
  }));
}

interface OtlpRequest {
  /** Which process it goes to. */
  to: number;
  spans: TestSpan[];
}

/**
 * Spans of all traces in any order, in requests of a few, each fifth of them twice: to the process that was told of it
 * before. What two processes are told is counted by both until Integrity looks (two-processes.test.ts).
 */
function makeRequests(random: (below: number) => number, processes: number): OtlpRequest[] {
  const spans = TRACES.flatMap(makeTrace);
  const told = [...spans, ...spans.filter(() => random(5) === 0)];
  for (let i = told.length - 1; i > 0; i--) {
    const j = random(i + 1);
    const [one, other] = [told[i], told[j]];
    if (one && other) [told[i], told[j]] = [other, one];
  }
  const owners = new Map(spans.map((span) => [span, random(processes)]));
  const requests: OtlpRequest[] = [];
  while (told.length > 0) {
    const some = told.splice(0, 1 + random(4));
    for (let to = 0; to < processes; to++) {
      const own = some.filter((span) => owners.get(span) === to);
      if (own.length > 0) requests.push({ to, spans: own });
    }
  }
  return requests;
}

async function expectAllOnce(it: TestIngest): Promise<void> {
  await it.spans.linked();
  await Promise.all([it.calls.drained(), it.counters.counted()]);
  const rows = await it.rows("counted AND type = 'llm'");
  expect(rows.map(({ session, cost_usd }) => [session, cost_usd]).sort()).toEqual(
    TRACES.flatMap((trace) =>
      [CALL, CALL, REST].map((cost) => [`session of ${trace}`, cost]),
    ).sort(),
  );
  const spans = await it.clickhouse.query("SELECT span_id FROM trace_spans FINAL");
  expect(spans).toHaveLength(TRACES.flatMap(makeTrace).length);
  const project = { id: it.projectIds.default };
  expect(await countersOf(it.postgres.db, project)).toEqual(await sumsOf(it.clickhouse, project));
  expect(await listLinkBatches(it.postgres.db)).toEqual([]);
}

const PAIRS = [
  { pair: "embedded" as const, processes: 1, isHere: true },
  { pair: "servers" as const, processes: 2, isHere: hasPostgres15 },
];

describe.each(PAIRS)("stores: $pair, processes: $processes", ({ pair, processes, isHere }) => {
  test.skipIf(!isHere)(
    "traces in pieces, shuffled and twice, over kills -9 while they are stored and linked, are the tree and the dollars of one quiet run",
    async () => {
      const random = seededRandom(SEED);
      const world = await openMortalWorld(pair);
      const dirs = Array.from({ length: processes }, (_, i) => `${world.dir}/${i}`);
      // An embedded cluster stands in the folder itself.
      if (processes === 1) dirs.splice(0, 1, world.dir);
      const wishes = dirs.map(() => makeWishes(random));
      const servers: Successors[] = [];
      try {
        for (const [i, dir] of dirs.entries()) {
          const server = new Successors(world, dir, wishes[i] ?? []);
          servers.push(server);
          // The first makes the tables: this rig has not the lock under which a server does that.
          await server.reach();
        }
        const requests = makeRequests(random, processes);
        const rounds = Math.ceil(requests.length / (DEATHS + 1));
        for (const [i, { to, spans }] of requests.entries()) {
          if (i > 0 && i % rounds === 0) await Promise.all(servers.map((one) => one.die()));
          const server = servers[to];
          if (!server) throw new Error("no server");
          const body = otlpRequest(spans) as object;
          const { status } = await sendUntilAnswered(server.reach, "POST", "/v1/traces", body);
          expect(status).toBe(200);
        }
        for (const server of servers) await server.end();
        for (const server of servers) expect(server.deaths).toBeGreaterThanOrEqual(DEATHS);
        for (const dir of dirs) {
          const { databaseUrl, clickhouseUrl } = world;
          const postgres = await openPostgres({ databaseUrl, dataDir: dir, log });
          const ingest = await openTestIngest({ dir, postgres, clickhouseUrl });
          try {
            // What each of them has in its spool is stored before the whole is held against anything.
            await ingest.spans.linked();
            await Promise.all([ingest.calls.drained(), ingest.counters.counted()]);
            if (dir === dirs.at(-1)) await expectAllOnce(ingest);
          } finally {
            await ingest.stop();
            await postgres.close();
          }
        }
      } catch (error) {
        const text = `SEED=${SEED}: ${JSON.stringify(wishes)}`;
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`${text}\n${message}`, { cause: error });
      } finally {
        await world.close();
      }
    },
    900_000,
  );
});
