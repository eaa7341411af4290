import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { insertBudgetShifts, listShiftsIn } from "@/db/queries/budget-shifts";
import { deleteOldBudgetRows } from "@/db/queries/delete-old-budget-rows";
import { budgetEvents, refusals, reservations } from "@/db/schema/budgets";
import { spools } from "@/db/schema/counters";
import { projects } from "@/db/schema/projects";
import { createBudgetCounting } from "@/ingest/counters/count-budgets";
import { COUNTERS_READER, startCounting } from "@/ingest/counters/count-spool";
import { openSpool, type Spool } from "@/ingest/spool/open-spool";
import { toSpoolEvents } from "@/ingest/testing/budget-rows";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import { createLog } from "@/lib/log";
import { expireReservations } from "@/lib/reservations/expire-reservations";
import { startExpiring } from "@/lib/reservations/start-expiring";
import { createPeerWatch } from "@/lib/reservations/watch-peers";
import { listPostgresEngines } from "@/lib/testing/list-postgres-engines";
import {
  countersOf,
  makeBudget,
  makeHold,
  makeReservation,
  readReservation,
} from "@/lib/testing/test-budgets";

const log = createLog("silent");
const NOW = Date.UTC(2026, 10, 21, 14);

describe.each(listPostgresEngines())("on $engine", ({ open }) => {
  let postgres: Postgres;
  let projectId: string;
  beforeAll(async () => {
    postgres = await open();
  });
  afterAll(() => postgres.close());
  beforeEach(async () => {
    projectId = randomUUID();
    peers = createPeerWatch();
    await postgres.db.delete(spools);
    await postgres.db.delete(reservations);
  });

  const policy = createPolicyHolder();
  let peers = createPeerWatch();
  const expire = (countedToMs = NOW, nowMs = NOW) =>
    expireReservations({
      db: postgres.db,
      policy,
      own: () => ({ spoolId: "own", countedToMs }),
      peers,
      now: () => nowMs,
    });
  const stateOf = async (id: string) => (await readReservation(postgres.db, id))?.state;
  async function held(mode: "observe" | "enforce" | "strict" = "enforce", expiresAt = NOW - 1) {
    const budget = await makeBudget(postgres.db, { projectId, mode });
    const holds = [makeHold(budget.id, { mode })];
    const times = { expiresAt: new Date(expiresAt) };
    return { budget, id: await makeReservation(postgres.db, projectId, holds, times) };
  }
  async function addSpool(countedTo: number | null, seenAt: number) {
    const id = randomUUID();
    const counted = countedTo === null ? null : new Date(countedTo);
    await postgres.db.insert(spools).values({
      id,
      freshTo: new Date(countedTo ?? seenAt),
      countedTo: counted,
      seenAt: new Date(seenAt),
    });
    return id;
  }

  test("what enforce and observe hold is given back; what strict holds is presumed spent, and kept", async () => {
    const [soft, seen, strict] = [await held(), await held("observe"), await held("strict")];
    const both = await makeReservation(
      postgres.db,
      projectId,
      [makeHold(soft.budget.id), makeHold(strict.budget.id, { mode: "strict" })],
      { expiresAt: new Date(NOW) },
    );
    const open = await held("enforce", NOW + 1);
    expect(await expire()).toEqual({ ended: 4, hasMore: false });
    for (const { id } of [soft, seen]) expect(await stateOf(id)).toBe("expired");
    for (const id of [strict.id, both]) expect(await stateOf(id)).toBe("presumed");
    expect(await stateOf(open.id)).toBe("held");
    for (const { budget } of [soft, seen])
      expect(await countersOf(postgres.db, budget.id)).toEqual([]);
    expect(await countersOf(postgres.db, strict.budget.id)).toMatchObject([
      { reservedUsd: "2", reservedTokens: "200", reservedCalls: "2" },
    ]);
    expect(await expire()).toEqual({ ended: 0, hasMore: false });
  });

  test("nothing expires while a live process has not counted what it accepted in time; one that is gone is not waited for", async () => {
    const { id } = await held();
    expect(await expire(NOW - 2)).toMatchObject({ ended: 0 });
    const other = await addSpool(NOW - 10_000, NOW - 1_000);
    expect(await expire()).toMatchObject({ ended: 0 });
    const update = (countedTo: number, seenAt: number) =>
      postgres.db
        .update(spools)
        .set({ countedTo: new Date(countedTo), seenAt: new Date(seenAt) })
        .where(eq(spools.id, other));
    // By its own clock, which may be ahead of ours.
    await update(NOW, NOW);
    expect(await expire()).toMatchObject({ ended: 0 });
    // Its row stands still from now on.
    await update(NOW - 10_000, NOW - 61_000);
    for (const laterMs of [0, 59_000])
      expect(await expire(NOW + laterMs, NOW + laterMs)).toMatchObject({ ended: 0 });
    expect(await expire(NOW + 60_000, NOW + 60_000)).toMatchObject({ ended: 1 });
    expect(await stateOf(id)).toBe("expired");
  });

  test("a process lives while its row moves, though its clock is minutes behind; one of long ago is not waited for", async () => {
    const { id } = await held("enforce", NOW - 1);
    await addSpool(NOW - 86_400_000, NOW - 86_400_000);
    const behindMs = 180_000;
    const other = await addSpool(NOW - behindMs, NOW - behindMs);
    for (let laterMs = 0; laterMs < behindMs; laterMs += 30_000) {
      const told = new Date(NOW + laterMs - behindMs);
      await postgres.db
        .update(spools)
        .set({ countedTo: told, seenAt: told })
        .where(eq(spools.id, other));
      expect(await expire(NOW + laterMs, NOW + laterMs)).toMatchObject({ ended: 0 });
    }
    expect(await stateOf(id)).toBe("held");
    const told = new Date(NOW + 10_000);
    await postgres.db
      .update(spools)
      .set({ countedTo: told, seenAt: told })
      .where(eq(spools.id, other));
    expect(await expire(NOW + behindMs, NOW + behindMs)).toMatchObject({ ended: 1 });
  });

  describe("with a spool", () => {
    let dir: string;
    let spool: Spool;
    beforeEach(() => {
      dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-expiry-"));
      spool = openSpool({ dir, maxBytes: 64 * 1024 * 1024, readers: [COUNTERS_READER], log });
    });
    afterEach(async () => {
      await spool.close();
      fs.rmSync(dir, { recursive: true, force: true });
    });

    test("a hold whose event lies in a spool does not expire, however late it is counted", async () => {
      const budget = await makeBudget(postgres.db, { projectId });
      const make = (expiresAt: number) =>
        makeReservation(postgres.db, projectId, [makeHold(budget.id)], {
          expiresAt: new Date(expiresAt),
        });
      // Long enough that its event is in the spool in time, on a slow machine as well.
      const expiresAt = Date.now() + 2_000;
      const id = await make(expiresAt);
      const forgotten = await make(expiresAt);
      const own = () => ({
        spoolId: spool.id(),
        countedToMs: spool.reader(COUNTERS_READER).backlog().freshToMs,
      });
      const row = { project_id: projectId, atMs: Date.UTC(2026, 10, 21, 12), cost_usd: "0.5" };
      await spool.append(toSpoolEvents([{ ...row, reservation_id: id }]));
      // Long after its end, and no event of this process is counted yet.
      const expiring = startExpiring({ postgres, policy, own, log, now: () => Date.now() + 5_000 });
      await expect
        .poll(() => Date.now() - spool.reader(COUNTERS_READER).backlog().freshToMs)
        .toBeGreaterThan(2_400);
      expect(await stateOf(id)).toBe("held");
      const counters = startCounting({
        spool,
        postgres,
        countings: [createBudgetCounting({ policy, postgres, log })],
        callsBacklog: () => spool.reader(COUNTERS_READER).backlog(),
        log,
        lingerMs: 1,
      });
      await counters.counted();
      expect(await stateOf(id)).toBe("settled");
      await expect.poll(() => stateOf(forgotten), { timeout: 10_000 }).toBe("expired");
      expect(await countersOf(postgres.db, budget.id)).toMatchObject([
        { spentUsd: "0.5", spentCalls: "1" },
      ]);
      expect((await countersOf(postgres.db, budget.id))[0]).not.toHaveProperty("reservedUsd");
      const [told] = await postgres.db.select().from(spools).where(eq(spools.id, spool.id()));
      expect(told?.countedTo?.getTime()).toBeGreaterThan(0);
      await expiring.close();
      await counters.close(0);
    });
  });

  test("what is held or presumed stays, however old; what ended, expired, was claimed or refused goes after its time", async () => {
    const old = new Date(NOW - 1);
    const older = new Date(NOW - 2);
    const ids: Record<string, string> = {};
    for (const state of ["held", "presumed", "settled", "released", "expired"]) {
      const endedAt = state === "held" || state === "presumed" ? null : old;
      ids[state] = await makeReservation(postgres.db, projectId, [], {
        state,
        endedAt,
        createdAt: old,
      });
    }
    const young = await makeReservation(postgres.db, projectId, [], {
      state: "settled",
      endedAt: new Date(NOW),
    });
    const bucket = NOW / 1000;
    await postgres.db.insert(budgetEvents).values([
      { projectId, bucket: bucket - 900, idHash: "a" },
      { projectId, bucket, idHash: "b" },
    ]);
    const refusal = {
      projectId,
      sourceId: projectId,
      code: "x",
      calls: 1n,
      lastAt: old,
      message: "",
    };
    await postgres.db.insert(refusals).values([
      { ...refusal, hour: old },
      { ...refusal, hour: new Date(NOW) },
    ]);
    // The event of one that expired may still come.
    const ended = { endedBefore: new Date(NOW), before: older };
    expect(await deleteOldBudgetRows(postgres.db, ended)).toBe(false);
    for (const state of ["settled", "released"]) {
      expect(await readReservation(postgres.db, ids[state] ?? "")).toBeNull();
    }
    expect(await readReservation(postgres.db, ids.expired ?? "")).not.toBeNull();
    const all = { endedBefore: new Date(NOW), before: new Date(NOW) };
    expect(await deleteOldBudgetRows(postgres.db, all)).toBe(false);
    expect(await readReservation(postgres.db, ids.expired ?? "")).toBeNull();
    for (const id of [ids.held, ids.presumed, young]) {
      expect(await readReservation(postgres.db, id ?? "")).not.toBeNull();
    }
    const claims = await postgres.db
      .select()
      .from(budgetEvents)
      .where(eq(budgetEvents.projectId, projectId));
    expect(claims).toMatchObject([{ idHash: "b" }]);
    const told = await postgres.db.select().from(refusals).where(eq(refusals.projectId, projectId));
    expect(told).toMatchObject([{ hour: new Date(NOW) }]);
  });

  test("a shift is forgotten once its call is deleted or its budget archived, and until then kept however old", async () => {
    const { db } = postgres;
    const sealedBefore = new Date(NOW);
    const other = randomUUID();
    await db.insert(projects).values([
      { id: projectId, slug: projectId, name: "sealed", sealedBefore },
      { id: other, slug: other, name: "open" },
    ]);
    const live = await makeBudget(db, { projectId });
    const archived = await makeBudget(db, { projectId, archivedAt: sealedBefore });
    const bucket = NOW / 1000;
    const shift = { budgetId: live.id, projectId, bucket, period: "2026-11-21T00:00:00Z" };
    await insertBudgetShifts(db, [
      { ...shift, bucket: bucket - 900, eventId: "sealed" },
      { ...shift, eventId: "kept" },
      { ...shift, projectId: other, bucket: 900, eventId: "old, and kept" },
      { ...shift, budgetId: archived.id, projectId: other, eventId: "archived" },
    ]);
    const none = { endedBefore: new Date(0), before: new Date(0) };
    expect(await deleteOldBudgetRows(db, none)).toBe(false);
    const left = [...(await listShiftsIn(db, live.id)), ...(await listShiftsIn(db, archived.id))];
    expect(left.map(({ eventId }) => eventId).sort()).toEqual(["kept", "old, and kept"]);
  });
});
