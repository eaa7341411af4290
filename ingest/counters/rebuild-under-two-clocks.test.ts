import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { openPostgres, type Postgres } from "@/db/postgres";
import { findBudgetRow } from "@/db/queries/budgets";
import { ensureSpool, noteSpoolProgress } from "@/db/queries/counters";
import { insertProject } from "@/db/queries/projects";
import { createBudgetCounting } from "@/ingest/counters/count-budgets";
import { toSpoolLines } from "@/ingest/testing/budget-rows";
import { beginGeneration, finishGeneration } from "@/lib/budgets/build-counters";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import { createLog } from "@/lib/log";
import { propertyRuns } from "@/lib/testing/property-runs";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";
import { countersOf, makeBudget, makeHold, makeReservation } from "@/lib/testing/test-budgets";

const log = createLog("silent");
const START = Date.UTC(2026, 10, 21, 6);
const DAY_MS = 86_400_000;
const EVENTS = 8;

/** What one process was sent, in the order of its spool. */
interface Process {
  sent: { n: number; arrivedUs: number }[];
  counted: number;
  written: number;
  count: (block: Process["sent"]) => Promise<void>;
}

const which = fc.constantFrom(0 as const, 1 as const);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      n: fc.nat(EVENTS - 1),
      to: fc.constantFrom([0, 1], [1, 0], [0], [1]),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("count" as const), at: which, most: fc.nat(3) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("write" as const), at: which, most: fc.nat(3) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("begin" as const), at: which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("finish" as const), at: which }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const missing = "SKIPPED: PostgreSQL 15 is not installed (apt-get install postgresql-15)";
describe.skipIf(!hasPostgres15)(hasPostgres15 ? "on PostgreSQL 15" : missing, () => {
  let server: PostgresServer;
  let postgres: Postgres;
  let store: { clickhouse: ClickHouse; close(): Promise<void> };
  beforeAll(async () => {
    server = await startPostgres15();
    const databaseUrl = server.createDatabase();
    postgres = await openPostgres({ databaseUrl, dataDir: "unused", log });
    store = await openTestClickHouse();
  });
  afterAll(async () => {
    await store?.close();
    await postgres?.close();
    server?.stop();
  });

  /** Two processes whose clocks are so far apart, and two budgets: one by month, one by day with some holds. */
  async function open(apartMs: number) {
    const { db } = postgres;
    const slug = `p-${randomUUID()}`;
    const projectId = (await insertProject(db, { slug, name: slug }))?.id ?? "";
    const rules = { projectId, scope: "project", mode: "enforce" } as const;
    const month = await makeBudget(db, { ...rules, window: "month" });
    const day = await makeBudget(db, { ...rules, window: "day" });
    const reservations = new Map<number, string>();
    for (const n of [0, 1]) {
      const hold = makeHold(day.id, { value: projectId, period: periodOf(0), usd: "100" });
      const id = await makeReservation(db, projectId, [hold], { createdAt: new Date(START) });
      reservations.set(n, id);
    }
    let clockUs = START * 1000;
    const clockOf = (at: number) => clockUs + (at === 1 ? apartMs * 1000 : 0);
    const rowOf = ({ n, arrivedUs }: Process["sent"][number]) => ({
      project_id: projectId,
      id: `e-${n}`,
      // The next day, so that one that settles a hold counts in a period that is not its own.
      atMs: START + DAY_MS,
      ingestedAtUs: arrivedUs,
      cost_usd: String(n + 1),
      reservation_id: reservations.get(n) ?? "",
    });
    const makeProcess = async (at: number): Promise<Process> => {
      const spool = `${slug} ${at}`;
      const progress = () => ({
        freshTo: new Date(START),
        countedTo: new Date(START),
        backlogEvents: 0,
        seenAt: new Date(clockOf(at) / 1000),
      });
      await ensureSpool(db, { id: spool, countedSequence: 0, ...progress() });
      const counting = createBudgetCounting({ policy: createPolicyHolder(), postgres, log });
      const count = async (block: Process["sent"]) => {
        const write = counting(toSpoolLines(block.map(rowOf)), 1);
        await db.transaction(async (tx) => {
          await noteSpoolProgress(tx, spool, progress());
          await write(tx, "together");
        });
      };
      return { sent: [], counted: 0, written: 0, count };
    };
    const processes = [await makeProcess(0), await makeProcess(1)];
    const sent = new Set<number>();
    const context = (at: number) => ({
      clickhouse: store.clickhouse,
      postgres,
      lastArrivalUs: () => processes[at]?.sent.at(-1)?.arrivedUs ?? 0,
      now: () => clockOf(at) / 1000,
    });
    const world = {
      send(n: number, to: readonly number[]) {
        for (const at of to) {
          clockUs += 1_000_000;
          const process = processes[at];
          // Sent again to the same process it is known there.
          if (!process || process.sent.some((one) => one.n === n)) continue;
          process.sent.push({ n, arrivedUs: clockOf(at) });
          sent.add(n);
        }
      },
      async count(at: number, most: number) {
        const process = processes[at];
        if (!process) return;
        const block = process.sent.slice(process.counted, process.counted + most);
        process.counted += block.length;
        await process.count(block);
      },
      async write(at: number, most: number) {
        const process = processes[at];
        if (!process) return;
        const block = process.sent.slice(process.written, process.written + most);
        process.written += block.length;
        if (block.length === 0) return;
        const rows = block.map((one) => makeCallRow(rowOf(one)));
        await store.clickhouse.insertLines("llm_calls", toLines(rows));
      },
      async begin(at: number) {
        for (const { id } of [month, day]) await beginGeneration(context(at), id);
      },
      /** Where both have counted and written what arrived before it was begun, and their clocks are past it. */
      async finish(at: number) {
        for (const { id } of [month, day]) {
          const row = await findBudgetRow(db, id);
          if (!row || row.nextGeneration === null || row.nextAfterUs === null) continue;
          const afterUs = row.nextAfterUs;
          const isFresh = processes.every(({ sent: all, counted, written }) =>
            all.slice(Math.min(counted, written)).every(({ arrivedUs }) => arrivedUs > afterUs),
          );
          if (!isFresh) continue;
          const behindUs = Math.min(clockOf(0), clockOf(1));
          clockUs += Math.max(0, afterUs + 1 - behindUs);
          await finishGeneration(context(at), row);
        }
      },
      async figures() {
        const counted = [];
        for (const { id } of [month, day]) {
          const generation = (await findBudgetRow(db, id))?.generation ?? 0;
          for (const { period, spentUsd, spentCalls } of await countersOf(db, id, generation)) {
            if (spentCalls) counted.push({ id, period, spentUsd, spentCalls });
          }
        }
        return counted;
      },
      expected() {
        const of = (id: string, period: string, events: number[]) => {
          const usd = events.reduce((sum, n) => sum + n + 1, 0);
          const place = { id, period, spentUsd: String(usd), spentCalls: String(events.length) };
          return events.length > 0 ? [place] : [];
        };
        const all = [...sent];
        return [
          ...of(month.id, "2026-11-01T00:00:00Z", all),
          ...of(
            day.id,
            periodOf(0),
            all.filter((n) => reservations.has(n)),
          ),
          ...of(
            day.id,
            periodOf(1),
            all.filter((n) => !reservations.has(n)),
          ),
        ];
      },
    };
    return world;
  }

  async function take(world: Awaited<ReturnType<typeof open>>, one: Step): Promise<void> {
    if (one.do === "send") world.send(one.n, one.to);
    else if (one.do === "count") await world.count(one.at, one.most);
    else if (one.do === "write") await world.write(one.at, one.most);
    else if (one.do === "begin") await world.begin(one.at);
    else await world.finish(one.at);
  }

  test.each([
    [
      "claimed by the later copy while it is built, and the earlier one counted before it is finished",
      [1, 0],
    ],
    ["the earlier copy is counted first", [0, 1]],
  ] as const)("counters built anew count an event of two arrivals once: %s", async (_, order) => {
    const world = await open(300_000);
    await world.begin(1);
    world.send(0, [0, 1]);
    // Past its begin by the one clock, before it by the other.
    for (let n = 2; n < 6; n++) world.send(n, [0, 1]);
    for (const at of order) await world.count(at, EVENTS);
    for (const at of order) await world.write(at, EVENTS);
    await world.finish(0);
    expect(await world.figures()).toEqual(world.expected());
  });

  test("whatever is sent to whom, counted, written, begun and finished in whatever order, by clocks that are equal or minutes apart, an event counts once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 2_500, 20_000, 330_000, -330_000),
        fc.array(step, { minLength: 15, maxLength: 40 }),
        async (apartMs, steps) => {
          const world = await open(apartMs);
          for (const one of steps) await take(world, one);
          for (const at of [0, 1]) {
            await world.count(at, EVENTS);
            await world.write(at, EVENTS);
          }
          await world.finish(0);
          expect(await world.figures()).toEqual(world.expected());
        },
      ),
      { numRuns: propertyRuns(25), endOnFailure: true },
    );
  });
});
/** Start of the day so many days after the first. */
function periodOf(day: number): string {
  return new Date(Math.floor(START / DAY_MS + day) * DAY_MS).toISOString().replace(".000Z", "Z");
}
