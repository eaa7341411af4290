import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { addToBudgetCounters, listBudgetCounters } from "@/db/queries/budget-counters";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import { toCounter } from "@/lib/reservations/counter-book";
import { createKeptCounters } from "@/lib/reservations/kept-counters";
import { releaseReservation } from "@/lib/reservations/release-reservation";
import { openTestDesk, reservedOf } from "@/lib/reservations/testing/open-test-desk";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { propertyRuns } from "@/lib/testing/property-runs";
import { makeBudget } from "@/lib/testing/test-budgets";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());

/** A desk, and how often it locked before it decided. */
function openCountedDesk() {
  const holder = createPolicyHolder();
  let locked = 0;
  const policies = {
    ...holder,
    hold: (tx: Parameters<typeof holder.hold>[0]) => {
      locked++;
      return holder.hold(tx);
    },
  };
  return { ...openTestDesk(postgres.db, { policies }), policies, locked: () => locked };
}

const strictBudget = (limitUsd: string) => {
  const projectId = randomUUID();
  return makeBudget(postgres.db, { projectId, scope: "project", mode: "strict", limitUsd });
};

test("a group after the first decides by what is kept, refuses by it too, and to the last digit", async () => {
  const { projectId, id } = await strictBudget("0.045");
  const project = projectId ?? "";
  const desk = openCountedDesk();
  const answers: string[] = [];
  for (let n = 0; n < 6; n++) answers.push((await desk.reserve(project)).decision);
  expect(answers).toEqual(["allow", "allow", "allow", "allow", "block", "block"]);
  expect(desk.locked()).toBe(1);
  expect(await reservedOf(postgres.db, id)).toEqual(new Map([[project, 40_000_000_000_000n]]));
  await desk.close();
});

test("an id that came before is answered as then, and those beside it are let through", async () => {
  const { projectId, id } = await strictBudget("1");
  const project = projectId ?? "";
  const desk = openCountedDesk();
  const first = await desk.reserve(project, { id: "x" });
  const answers = await Promise.all([
    desk.reserve(project, { id: "x" }),
    desk.reserve(project, { id: "y" }),
    desk.reserve(project),
  ]);
  expect(answers[0]).toEqual(first);
  expect(answers.map(({ decision }) => decision)).toEqual(["allow", "allow", "allow"]);
  expect(await reservedOf(postgres.db, id)).toEqual(new Map([[project, 30_000_000_000_000n]]));
  await desk.close();
});

const STEP = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      desk: fc.nat(1),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("spend" as const),
      cents: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("release" as const) }) },
);

test("whoever moves a counter between two groups, the next one decides as if it had locked and read it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 4, maxLength: 25 }), async (steps) => {
      const { projectId, id: budgetId } = await strictBudget("0.12");
      const project = projectId ?? "";
      const desks = [openCountedDesk(), openCountedDesk()];
      const open: string[] = [];
      let spentCents = 0;
      for (const step of steps) {
        const room = Math.max(0, 12 - spentCents - open.length);
        if (step.kind === "ask") {
          const desk = desks[step.desk];
          const asked = Array.from({ length: step.count }, () => desk?.reserve(project));
          const answers = await Promise.all(asked);
          const ids = answers.flatMap((answer) => answer?.reservation_id ?? []);
          expect(ids).toHaveLength(Math.min(room, step.count));
          open.push(...ids);
        } else if (step.kind === "release") {
          const id = open.pop();
          const policies = desks[0]?.policies ?? createPolicyHolder();
          if (id)
            await releaseReservation({ projectId: project, id }, { db: postgres.db, policies });
        } else {
          const [row] = await listBudgetCounters(postgres.db, { budgetId, generation: 1 });
          if (!row) continue;
          const { generation, value, period } = row;
          const spentUsd = `0.0${step.cents}`;
          await addToBudgetCounters(postgres.db, [
            { budgetId, generation, value, period, spentUsd },
          ]);
          spentCents += step.cents;
        }
      }
      const held = BigInt(open.length) * 10_000_000_000_000n;
      expect((await reservedOf(postgres.db, budgetId)).get(project) ?? 0n).toBe(held);
      for (const desk of desks) await desk.close();
    }),
    { numRuns: propertyRuns(15) },
  );
});

test("two processes that ask at once beside somebody who moves the counter let through as many as fit", async () => {
  const { projectId, id: budgetId } = await strictBudget("0.6");
  const project = projectId ?? "";
  const desks = [openCountedDesk(), openCountedDesk()];
  let isOver = false;
  const mover = (async () => {
    while (!isOver) {
      // The embedded engine answers within the same turn of the loop, in which desks would not get theirs.
      await setImmediate();
      const [row] = await listBudgetCounters(postgres.db, { budgetId, generation: 1 });
      if (!row) continue;
      const { generation, value, period } = row;
      const move = { budgetId, generation, value, period, unreservedEvents: "1" };
      await addToBudgetCounters(postgres.db, [move]);
    }
  })();
  const answers: string[] = [];
  const ask = async (desk: (typeof desks)[number]) => {
    for (let n = 0; n < 25; n++) answers.push((await desk.reserve(project)).decision);
  };
  await Promise.all(desks.flatMap((desk) => [ask(desk), ask(desk)]));
  isOver = true;
  await mover;
  expect(answers.filter((decision) => decision === "allow")).toHaveLength(60);
  expect(await reservedOf(postgres.db, budgetId)).toEqual(
    new Map([[project, 600_000_000_000_000n]]),
  );
  for (const desk of desks) await desk.close();
});

test("what a failed group took is taken by nobody: the next ones have all that is left", async () => {
  const { projectId, id } = await strictBudget("0.03");
  const project = projectId ?? "";
  let isBroken = false;
  const db = Object.create(postgres.db, {
    transaction: {
      value: (work: Parameters<Postgres["db"]["transaction"]>[0]) =>
        postgres.db.transaction(async (tx) => {
          const result = await work(tx);
          if (isBroken) throw new Error("it cannot be committed");
          return result;
        }),
    },
  }) as Postgres["db"];
  const desk = openTestDesk(db);
  expect((await desk.reserve(project)).decision).toBe("allow");
  isBroken = true;
  await expect(desk.reserve(project)).rejects.toThrow("it cannot be committed");
  isBroken = false;
  const answers: string[] = [];
  for (let n = 0; n < 3; n++) answers.push((await desk.reserve(project)).decision);
  expect(answers).toEqual(["allow", "allow", "block"]);
  expect(await reservedOf(postgres.db, id)).toEqual(new Map([[project, 30_000_000_000_000n]]));
  await desk.close();
});

test("who was told that budgets are out of reach holds nothing, also under an id of its own", async () => {
  const { projectId, id } = await strictBudget("1");
  const project = projectId ?? "";
  const desk = openTestDesk(postgres.db);
  expect((await desk.reserve(project)).decision).toBe("allow");
  const [gate, held] = [openGate(), openGate()];
  const other = postgres.db.transaction(async (tx) => {
    // Waited for by every decision, and in the end as it was.
    await tx.execute(sql`select version from policy for update`);
    held.open();
    await gate.opened;
  });
  await held.opened;
  const answer = await desk.reserve(project, { id: "mine" });
  expect(answer.reasons).toMatchObject([{ code: "degraded" }]);
  gate.open();
  await other;
  const again = async () => (await desk.reserve(project)).reasons.length;
  await expect.poll(again, { timeout: 10_000 }).toBe(0);
  expect(await reservedOf(postgres.db, id)).toEqual(new Map([[project, 20_000_000_000_000n]]));
  await desk.close();
});

function openGate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

const counterOf = (value: string) =>
  toCounter({
    ...{ budgetId: "b", generation: 1, value, period: "", rowVersion: "1" },
    ...{ spentUsd: "1", spentTokens: "0", spentCalls: "0", spentToolCalls: "0", spentMs: "0" },
    ...{ unknownCosts: "0", unreservedUsd: "0", unreservedEvents: "0" },
    ...{ reservedUsd: "0", reservedTokens: "0", reservedCalls: "0", reservedToolCalls: "0" },
    ...{ throttleMinute: 0, throttleCalls: 0 },
    ...{ lockRevision: null, lockPercent: null, lockedAtMs: null },
  });

test("a counter that was taken out is not there for another group until it is put back, and none is after a second", () => {
  let nowMs = 0;
  const kept = createKeptCounters(() => nowMs);
  const [a, b] = [counterOf("a"), counterOf("b")];
  kept.putBack([a, { ...b, isTouched: true }], "7");
  expect(kept.takeOut([a.name, "unknown"])).toBeNull();
  const found = kept.takeOut([a.name, b.name]);
  expect(found).toMatchObject([{ rowVersion: "1" }, { rowVersion: "7", isTouched: false }]);
  expect(kept.takeOut([a.name])).toBeNull();
  kept.putBack(found ?? [], "8");
  nowMs = 1_000;
  expect(kept.takeOut([a.name])).toHaveLength(1);
  kept.putBack([a], "9");
  nowMs = 2_001;
  expect(kept.takeOut([a.name])).toBeNull();
});

test("none is kept after a failure, nor for longer than a row version is its own", () => {
  let nowMs = 0;
  const kept = createKeptCounters(() => nowMs);
  const [a, b] = [counterOf("a"), counterOf("b")];
  kept.putBack([a], "7");
  kept.forgetAll();
  expect(kept.takeOut([a.name])).toBeNull();
  kept.putBack([a], "7");
  for (; nowMs <= 3_600_000; nowMs += 900) kept.putBack([b], "8");
  expect(kept.takeOut([a.name])).toBeNull();
  expect(kept.takeOut([b.name])).toHaveLength(1);
});

test("only so many counters are kept, the ones used last", () => {
  const kept = createKeptCounters(() => 0);
  const counters = Array.from({ length: 10_001 }, (_, n) => counterOf(`v${n}`));
  kept.putBack(counters, "7");
  expect(kept.takeOut(counters.slice(0, 1).map(({ name }) => name))).toBeNull();
  expect(kept.takeOut(counters.slice(-1).map(({ name }) => name))).toHaveLength(1);
});
