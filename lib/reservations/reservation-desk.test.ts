import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPostgres, type Postgres } from "@/db/postgres";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import { changePolicyVersion } from "@/db/queries/policy";
import { refusals, reservations } from "@/db/schema/budgets";
import { projects } from "@/db/schema/projects";
import { createLog } from "@/lib/log";
import { FEMTO_PER_USD } from "@/lib/money";
import { releaseReservation } from "@/lib/reservations/release-reservation";
import { renewReservation } from "@/lib/reservations/renew-reservation";
import {
  engageSwitch,
  holdsOf,
  openTestDesk,
  releaseSwitch,
  reservedOf,
} from "@/lib/reservations/testing/open-test-desk";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";
import { makeBudget, readReservation } from "@/lib/testing/test-budgets";
import { makeProject } from "@/lib/testing/test-runtime";

const CENT = FEMTO_PER_USD / 100n;
const log = createLog("silent");
let server: PostgresServer | null = null;
const ENGINES = [
  { engine: "PGlite", open: openTestPostgres },
  {
    engine: "PostgreSQL 15",
    open: async () => {
      server ??= await startPostgres15();
      return openPostgres({ databaseUrl: server.createDatabase(), dataDir: "unused", log });
    },
  },
].filter(({ engine }) => engine === "PGlite" || hasPostgres15);
afterAll(() => server?.stop());

const decisionsOf = (answers: readonly { decision: string }[]) => {
  const count = (wanted: string) => answers.filter(({ decision }) => decision === wanted).length;
  return { allowed: count("allow"), blocked: count("block") };
};

describe.each(ENGINES)("on $engine", ({ engine, open }) => {
  let postgres: Postgres;
  let projectId: string;
  let desk: ReturnType<typeof openTestDesk>;
  beforeAll(async () => {
    postgres = await open();
    desk = openTestDesk(postgres.db);
  });
  afterAll(async () => {
    await desk.close();
    await postgres.close();
  });
  beforeEach(() => {
    projectId = randomUUID();
  });
  const strict = (given: Parameters<typeof makeBudget>[1] = {}) =>
    makeBudget(postgres.db, { projectId, scope: "project", mode: "strict", ...given });

  test("of 1,000 at once as many are let through as fit one strict budget, to the last one, and no more", async () => {
    const budget = await strict({ limitUsd: "1.375" });
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => desk.reserve(projectId, { agent: "a" })),
    );
    expect(decisionsOf(answers)).toEqual({ allowed: 137, blocked: 863 });
    expect(await reservedOf(postgres.db, budget.id)).toEqual(new Map([[projectId, 137n * CENT]]));
    const { rows, sums } = await holdsOf(postgres.db, projectId);
    expect(rows).toHaveLength(137);
    expect(sums.get(budget.id)).toEqual(new Map([[projectId, 137n * CENT]]));
    const refused = answers.find(({ decision }) => decision === "block");
    expect(refused).toMatchObject({ reservation_id: null, reserved_usd: null });
    expect(refused?.reasons).toMatchObject([
      {
        code: "budget_exceeded",
        budget_id: budget.id,
        message: expect.stringMatching(
          /^The budget "test" has \$0 spent and \$1\.37 held of \$1\.375; this call would hold \$0\.01 in this day\. It begins anew at \d{4}-\d\d-\d\dT00:00:00Z\.$/,
        ),
      },
    ]);
    const told = await postgres.db.select().from(refusals).where(eq(refusals.sourceId, budget.id));
    expect(told).toMatchObject([
      { code: "budget_exceeded", calls: 863n, agent: "a", estimatedUsd: "8.630000000000000" },
    ]);
  });

  test("of 1,000 at once against five overlapping budgets none passes a limit, each holds on all or none, none is refused with room left", async () => {
    const limits = {
      global: "2.60",
      agent: "0.70",
      feature: "1.30",
      user: "0.40",
      session: "0.25",
    };
    const budgets = await Promise.all([
      strict({ limitUsd: limits.global }),
      strict({ scope: "agent", value: "*", limitUsd: limits.agent }),
      strict({ scope: "feature", value: "f0", limitUsd: limits.feature, window: "month" }),
      strict({ scope: "user", value: "*", limitUsd: limits.user, window: "hour" }),
      strict({ scope: "session", value: "*", limitUsd: limits.session, window: "session" }),
    ]);
    const wishes = Array.from({ length: 1_000 }, (_, n) => ({
      agent: `a${n % 5}`,
      feature: `f${n % 2}`,
      user: `u${n % 11}`,
      session: `s${n % 17}`,
      estimated_cost_usd: `0.0${1 + (n % 3)}`,
    }));
    const answers = await Promise.all(wishes.map((wish) => desk.reserve(projectId, wish)));
    const { rows, sums } = await holdsOf(postgres.db, projectId);
    const limitOf = new Map(budgets.map((budget) => [budget.id, usd(budget.limitUsd ?? "0")]));
    for (const { id } of budgets) {
      const reserved = await reservedOf(postgres.db, id);
      expect([...reserved.values()].filter((held) => held > (limitOf.get(id) ?? 0n))).toEqual([]);
      const held = [...reserved].filter(([, femtoUsd]) => femtoUsd > 0n);
      expect(new Map(held)).toEqual(sums.get(id));
    }
    for (const row of rows) {
      const bound = row.feature === "f0" ? 5 : 4;
      expect(row.holds).toHaveLength(bound);
    }
    expect(rows).toHaveLength(decisionsOf(answers).allowed);
    // Holds only grew, so whoever has room everywhere in the end had it when it was refused.
    const room = (wish: (typeof wishes)[number]) => {
      const places = [projectId, wish.agent, "f0", wish.user, wish.session];
      return budgets.every((budget, at) => {
        if (at === 2 && wish.feature !== "f0") return true;
        const held = sums.get(budget.id)?.get(places[at] ?? "") ?? 0n;
        return held + usd(wish.estimated_cost_usd) <= (limitOf.get(budget.id) ?? 0n);
      });
    };
    const refused = wishes.filter((_, at) => answers[at]?.decision === "block");
    expect(refused.length).toBeGreaterThan(500);
    expect(refused.filter(room)).toEqual([]);
  });

  test("two processes on one store let through as many as fit, together", async () => {
    const budget = await strict({ limitUsd: "1" });
    const other = openTestDesk(postgres.db);
    const answers = await Promise.all(
      Array.from({ length: 600 }, (_, n) => (n % 2 ? desk : other).reserve(projectId)),
    );
    expect(decisionsOf(answers)).toEqual({ allowed: 100, blocked: 500 });
    expect(await reservedOf(postgres.db, budget.id)).toEqual(new Map([[projectId, 100n * CENT]]));
    await other.close();
  });

  test("one id is one reservation, however often and wherever it comes at once; another wish under it is a conflict", async () => {
    const budget = await strict({ limitUsd: "1" });
    const other = openTestDesk(postgres.db);
    const id = `mine/${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        (n % 2 ? desk : other).reserve(projectId, { id, ttl_seconds: 60 }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({
      decision: "allow",
      reservation_id: id,
      reserved_usd: "0.01",
    });
    expect(await reservedOf(postgres.db, budget.id)).toEqual(new Map([[projectId, CENT]]));
    for (const changed of [{ agent: "b" }, { estimated_cost_usd: "0.02" }, { model: "gpt-5" }]) {
      await expect(desk.reserve(projectId, { id, ...changed })).rejects.toMatchObject({
        code: "conflict",
      });
    }
    await other.close();
  });

  test("what was refused is decided anew when its id comes again", async () => {
    const budget = await strict({ limitUsd: "0.01" });
    const first = await desk.reserve(projectId);
    expect((await desk.reserve(projectId, { id: "again" })).decision).toBe("block");
    const id = first.reservation_id ?? "";
    await releaseReservation({ projectId, id }, { db: postgres.db, policies: desk.policies });
    expect(await reservedOf(postgres.db, budget.id)).toEqual(new Map([[projectId, 0n]]));
    expect((await desk.reserve(projectId, { id: "again" })).decision).toBe("allow");
  });

  test("an id that has ended lets nothing through again, and a switch stops also who repeats a question", async () => {
    await strict({ limitUsd: "1" });
    const wish = { id: "one", agent: "runaway" };
    const first = await desk.reserve(projectId, wish);
    expect(await desk.reserve(projectId, wish)).toEqual(first);
    const target = { scope: "agent", value: "runaway", projectId, reason: "it loops" };
    const switchId = await engageSwitch(postgres.db, target);
    expect(await desk.reserve(projectId, wish)).toMatchObject({
      decision: "block",
      reasons: [{ code: "kill_switch" }],
    });
    await releaseSwitch(postgres.db, switchId);
    expect(await desk.reserve(projectId, wish)).toEqual(first);
    const deps = { db: postgres.db, policies: desk.policies };
    await releaseReservation({ projectId, id: "one" }, deps);
    for (const state of ["released", "settled", "presumed", "expired"]) {
      await postgres.db.update(reservations).set({ state }).where(eq(reservations.id, "one"));
      await expect(desk.reserve(projectId, wish)).rejects.toMatchObject({ code: "conflict" });
    }
  });

  test("an engaged switch holds for every reservation that is decided after its commit, and no longer than it is engaged", async () => {
    let engagedAt = Number.POSITIVE_INFINITY;
    let isOver = false;
    const wrong: string[] = [];
    const agents = Array.from({ length: 20 }, async () => {
      while (!isOver) {
        const askedAt = performance.now();
        const { decision } = await desk.reserve(projectId, { agent: "runaway" });
        if (askedAt > engagedAt && decision !== "block") wrong.push(decision);
      }
    });
    await desk.reserve(projectId);
    const id = await engageSwitch(postgres.db, {
      scope: "agent",
      value: "runaway",
      projectId,
      reason: "it loops",
    });
    engagedAt = performance.now();
    const stopped = await desk.reserve(projectId, { agent: "runaway" });
    expect(stopped.reasons).toEqual([
      { code: "kill_switch", message: 'The kill switch of agent "runaway" is engaged: it loops.' },
    ]);
    await Promise.all(Array.from({ length: 50 }, () => desk.reserve(projectId)));
    isOver = true;
    await Promise.all(agents);
    expect(wrong).toEqual([]);
    expect((await desk.reserve(projectId, { agent: "other" })).decision).toBe("allow");
    await releaseSwitch(postgres.db, id);
    expect((await desk.reserve(projectId, { agent: "runaway" })).decision).toBe("allow");
  });

  test("a switch ends by itself at its time", async () => {
    const until = new Date(Date.now() + 60_000);
    await engageSwitch(postgres.db, { scope: "model", value: "gpt-4o", projectId, until });
    const later = openTestDesk(postgres.db, { now: () => until.getTime() });
    expect((await desk.reserve(projectId)).decision).toBe("block");
    expect((await later.reserve(projectId)).decision).toBe("allow");
    await later.close();
  });

  test("two projects never touch: neither's budgets, switches nor ids reach the other", async () => {
    const other = randomUUID();
    const budget = await strict({ limitUsd: "0" });
    await engageSwitch(postgres.db, { scope: "agent", value: "a", projectId });
    expect((await desk.reserve(projectId, { id: "same" })).decision).toBe("block");
    const answer = await desk.reserve(other, { id: "same", agent: "a" });
    expect(answer).toMatchObject({ decision: "allow", reserved_usd: null, reasons: [] });
    expect(await reservedOf(postgres.db, budget.id)).toEqual(new Map([[projectId, 0n]]));
    const key = { projectId, id: "same" };
    const deps = { db: postgres.db, policies: desk.policies };
    await expect(releaseReservation(key, deps)).rejects.toMatchObject({ code: "not_found" });
  });

  test("a budget that is not counted yet, or only observes, decides nothing and holds nothing", async () => {
    await strict({ limitUsd: "0", generation: 0 });
    await strict({ limitUsd: "0", mode: "observe" });
    const { reservation_id } = await desk.reserve(projectId);
    expect((await readReservation(postgres.db, reservation_id ?? ""))?.holds).toEqual([]);
  });

  test("what was spent counts: a hold fits beside it to the last digit", async () => {
    const budget = await strict({ limitUsd: "1" });
    const period = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
    const key = { budgetId: budget.id, generation: 1, value: projectId, period };
    await addToBudgetCounters(postgres.db, [{ ...key, spentUsd: "0.98" }]);
    const ask = (estimated_cost_usd: string) => desk.reserve(projectId, { estimated_cost_usd });
    expect((await ask("0.020000000000001")).decision).toBe("block");
    expect((await ask("0.02")).decision).toBe("allow");
    expect((await ask("0.000000000000001")).decision).toBe("block");
  });

  test("a reservation is renewed while it holds, and given back once", async () => {
    const budget = await strict({ limitUsd: "1" });
    const deps = { db: postgres.db, policies: desk.policies };
    const { reservation_id, expires_at } = await desk.reserve(projectId, { ttl_seconds: 60 });
    const key = { projectId, id: reservation_id ?? "" };
    const shorter = await renewReservation(key, 1, deps);
    expect(shorter.expires_at).toBe(expires_at);
    const longer = await renewReservation(key, 600, deps);
    expect(Date.parse(longer.expires_at)).toBeGreaterThan(Date.parse(expires_at ?? "") + 500_000);
    await Promise.all(Array.from({ length: 5 }, () => releaseReservation(key, deps)));
    expect(await reservedOf(postgres.db, budget.id)).toEqual(new Map([[projectId, 0n]]));
    await expect(renewReservation(key, 60, deps)).rejects.toMatchObject({ code: "conflict" });
    const nobody = { ...key, id: "nobody" };
    await expect(renewReservation(nobody, 60, deps)).rejects.toMatchObject({ code: "not_found" });
  });

  test("what is presumed spent is given back by its owner", async () => {
    const budget = await strict({ limitUsd: "0.01" });
    const { reservation_id } = await desk.reserve(projectId);
    const key = { projectId, id: reservation_id ?? "" };
    await postgres.db
      .update(reservations)
      .set({ state: "presumed" })
      .where(eq(reservations.id, key.id));
    expect((await desk.reserve(projectId)).decision).toBe("block");
    await releaseReservation(key, { db: postgres.db, policies: desk.policies });
    expect(await reservedOf(postgres.db, budget.id)).toEqual(new Map([[projectId, 0n]]));
    expect((await desk.reserve(projectId)).decision).toBe("allow");
  });

  test("a commit whose answer is lost holds once, and is answered as it was decided", async () => {
    const budget = await strict({ limitUsd: "1" });
    let lost = 0;
    const gone = Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" });
    const db = Object.create(postgres.db, {
      transaction: {
        value: async (work: Parameters<Postgres["db"]["transaction"]>[0]) => {
          const result = await postgres.db.transaction(work);
          if (lost++ % 2 === 0) throw gone;
          return result;
        },
      },
    }) as Postgres["db"];
    const unlucky = openTestDesk(db);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        unlucky.reserve(projectId, n % 2 ? { id: `id-${n}` } : {}),
      ),
    );
    expect(decisionsOf(answers)).toEqual({ allowed: 30, blocked: 0 });
    expect(lost).toBeGreaterThan(1);
    expect(await reservedOf(postgres.db, budget.id)).toEqual(new Map([[projectId, 30n * CENT]]));
    expect((await holdsOf(postgres.db, projectId)).rows).toHaveLength(30);
    await unlucky.close();
  });

  test("with more waiting than can be served the rest is told to come back, and nobody is forgotten", async () => {
    const small = openTestDesk(postgres.db, { maxQueue: 20, maxGroup: 7 });
    const asked = Array.from({ length: 50 }, () => small.reserve(projectId));
    const answers = await Promise.allSettled(asked);
    const refused = answers.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(30);
    expect(refused[0]).toMatchObject({ reason: { code: "unavailable", retryAfterSeconds: 1 } });
    expect((await holdsOf(postgres.db, projectId)).rows).toHaveLength(20);
    await small.close();
  });

  test("PostgreSQL that does not answer keeps nobody waiting, and what was given up holds nothing", async () => {
    const budget = await strict({ limitUsd: "1" });
    const hasty = openTestDesk(postgres.db, { deadlineMs: 500 });
    await postgres.db.transaction((tx) => hasty.policies.hold(tx));
    expect((await desk.reserve(projectId)).decision).toBe("allow");
    let free = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    let isHeld = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const change = postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      isHeld();
      await held;
    });
    await begun;
    const answers = await Promise.all([
      hasty.reserve(projectId),
      hasty.reserve(projectId, { id: "mine" }),
      hasty.reserve(randomUUID()),
    ]);
    for (const { reasons } of answers) expect(reasons).toMatchObject([{ code: "degraded" }]);
    expect(answers.map(({ decision }) => decision)).toEqual(["block", "block", "allow"]);
    free();
    await change;
    const soon = { timeout: 10_000 };
    await expect
      .poll(async () => (await hasty.reserve(projectId, { id: "mine" })).decision, soon)
      .toBe("allow");
    await hasty.close();
    expect(await reservedOf(postgres.db, budget.id)).toEqual(new Map([[projectId, 2n * CENT]]));
  });

  test.runIf(engine === "PostgreSQL 15")(
    "PostgreSQL gone: each project's fail mode answers and says so, a known switch still stops, and it goes on when it is back",
    async () => {
      const project = async (failMode: "open" | "closed" | null, mode: "strict" | "enforce") => {
        const { id } = await makeProject(postgres.db);
        await makeBudget(postgres.db, { projectId: id, scope: "agent", value: "a", mode });
        await postgres.db.transaction(async (tx) => {
          await changePolicyVersion(tx);
          await tx.update(projects).set({ failMode }).where(eq(projects.id, id));
        });
        return id;
      };
      const closed = await project(null, "strict");
      const open = await project(null, "enforce");
      const forcedOpen = await project("open", "strict");
      const forcedClosed = await project("closed", "enforce");
      await engageSwitch(postgres.db, { scope: "agent", value: "stopped", projectId: open });
      expect((await desk.reserve(open, { agent: "a" })).decision).toBe("allow");
      server?.pause();
      const ask = async (id: string, agent: string) => {
        const begunMs = performance.now();
        const answer = await desk.reserve(id, { agent });
        expect(performance.now() - begunMs).toBeLessThan(10_000);
        expect(answer).toMatchObject({ reservation_id: null, reserved_usd: null });
        return [answer.decision, ...answer.reasons.map(({ code }) => code)];
      };
      expect(await ask(closed, "a")).toEqual(["block", "degraded"]);
      expect(await ask(closed, "b")).toEqual(["allow", "degraded"]);
      expect(await ask(open, "a")).toEqual(["allow", "degraded"]);
      expect(await ask(forcedOpen, "a")).toEqual(["allow", "degraded"]);
      expect(await ask(forcedClosed, "b")).toEqual(["block", "degraded"]);
      expect(await ask(open, "stopped")).toEqual(["block", "kill_switch", "degraded"]);
      server?.resume();
      await expect
        .poll(async () => (await desk.reserve(closed, { agent: "a" })).decision, {
          timeout: 20_000,
        })
        .toBe("allow");
    },
  );

  test("a wish that PostgreSQL cannot count fails alone", async () => {
    const budget = await strict({ mode: "enforce", limitUsd: null, limitCalls: 1_000n });
    const period = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
    const key = { budgetId: budget.id, generation: 1, value: projectId, period };
    await addToBudgetCounters(postgres.db, [{ ...key, reservedTokens: "9223372036854770000" }]);
    const absurd = desk.reserve(projectId, { estimated_usage: { input_tokens: 1_000_000 } });
    const others = [0, 1].map(() => desk.reserve(projectId, { type: "tool" }));
    await expect(absurd).rejects.toThrow();
    expect(decisionsOf(await Promise.all(others))).toEqual({ allowed: 2, blocked: 0 });
  });
});

function usd(text: string): bigint {
  return BigInt(Math.round(Number(text) * 1_000)) * (FEMTO_PER_USD / 1_000n);
}
