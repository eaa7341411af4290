import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPostgres, type Postgres } from "@/db/postgres";
import { addToBudgetCounters, listBudgetCounters } from "@/db/queries/budget-counters";
import { changePolicyVersion } from "@/db/queries/policy";
import { refusals } from "@/db/schema/budgets";
import { projects } from "@/db/schema/projects";
import { createLog } from "@/lib/log";
import { holdsSchema } from "@/lib/reservations/hold";
import { engageSwitch, openTestDesk } from "@/lib/reservations/testing/open-test-desk";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";
import { makeBudget, readReservation, type TestBudget } from "@/lib/testing/test-budgets";
import { makeProject } from "@/lib/testing/test-runtime";

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

/** In the middle of a minute, an hour and a day. */
const NOW = Date.UTC(2026, 10, 22, 12, 30, 30);
const DAY = "2026-11-22T00:00:00Z";
/** 1,000 tokens in and 1,000 out at the standard tier: gpt-4o 0.0125, gpt-4o-mini 0.00075 dollars. */
const USAGE = { input_tokens: 1_000, max_output_tokens: 1_000 };
const LLM = { service_tier: "standard", inference_geo: "global", estimated_usage: USAGE };

describe.each(ENGINES)("on $engine", ({ open }) => {
  let postgres: Postgres;
  let projectId: string;
  let nowMs: number;
  let desk: ReturnType<typeof openTestDesk>;
  beforeAll(async () => {
    postgres = await open();
    desk = openTestDesk(postgres.db, { now: () => nowMs });
  });
  afterAll(async () => {
    await desk.close();
    await postgres.close();
  });
  beforeEach(() => {
    projectId = randomUUID();
    nowMs = NOW;
  });
  const budget = (given: TestBudget) =>
    makeBudget(postgres.db, { projectId, scope: "project", ...given });
  const spend = (id: string, spentUsd: string, given: object = {}) =>
    addToBudgetCounters(postgres.db, [
      { budgetId: id, generation: 1, value: projectId, period: DAY, spentUsd, ...given },
    ]);
  const ask = (body: Record<string, unknown> = {}) => desk.reserve(projectId, body);
  const codes = async (body: Record<string, unknown> = {}) => {
    const { decision, reasons } = await ask(body);
    return [decision, ...reasons.map(({ code }) => code)];
  };

  test("strict refuses what has no price, no output cap or no input estimate; the caller's own worst case is accepted", async () => {
    const { id } = await budget({ mode: "strict" });
    expect(await codes({ ...LLM, model: "gpt-99" })).toEqual(["block", "no_price"]);
    expect(await codes({ estimated_usage: { input_tokens: 1 } })).toEqual([
      "block",
      "no_output_cap",
    ]);
    expect(await codes({ estimated_usage: { max_output_tokens: 1 } })).toEqual([
      "block",
      "no_input_estimate",
    ]);
    expect(await ask({ model: "gpt-99", estimated_cost_usd: "2.5" })).toMatchObject({
      decision: "allow",
      reserved_usd: "2.5",
    });
    expect(await ask(LLM)).toMatchObject({ decision: "allow", reserved_usd: "0.0125" });
    const told = await postgres.db.select().from(refusals).where(eq(refusals.sourceId, id));
    expect(told.map(({ code }) => code).sort()).toEqual([
      "no_input_estimate",
      "no_output_cap",
      "no_price",
    ]);
  });

  test("a model without a price follows the budget's rule: told, refused, or held at its rate", async () => {
    const unknown = { ...LLM, model: "gpt-99" };
    const warned = await budget({ unpriced: "warn" });
    expect(await ask(unknown)).toMatchObject({
      decision: "allow",
      reserved_usd: null,
      reasons: [{ code: "no_price", budget_id: warned.id }],
    });
    await budget({ unpriced: "rate", unpricedUsdPerMtok: "10" });
    expect(await ask(unknown)).toMatchObject({ decision: "allow", reserved_usd: "0.02" });
    await budget({ mode: "strict", unpriced: "rate", unpricedUsdPerMtok: "30" });
    expect(await ask(unknown)).toMatchObject({ decision: "allow", reserved_usd: "0.06" });
    await budget({ unpriced: "block" });
    expect(await codes(unknown)).toEqual(["block", "no_price"]);
  });

  test("enforce holds what such calls really had, and learns it", async () => {
    await budget({ mode: "enforce" });
    expect(await ask(LLM)).toMatchObject({ reserved_usd: "0.0125" });
    for (let n = 0; n < 10; n++) {
      desk.learner.learn({ projectId, model: "gpt-4o", agent: null, outputTokens: 100 });
    }
    expect(await ask(LLM)).toMatchObject({ reserved_usd: "0.0035" });
  });

  test("a tool call holds one tool call, and dollars only where its caller says how many", async () => {
    const { id } = await budget({ mode: "strict", limitUsd: "0.5", limitToolCalls: 2n });
    const tool = { type: "tool", model: null };
    expect(await ask({ ...tool, estimated_cost_usd: null })).toMatchObject({
      decision: "allow",
      reserved_usd: null,
    });
    expect(await ask({ ...tool, estimated_cost_usd: "0.5" })).toMatchObject({
      decision: "allow",
      reserved_usd: "0.5",
    });
    const refused = await ask({ ...tool, estimated_cost_usd: "0" });
    expect(refused.reasons[0]?.message).toContain("2 tool calls held of 2 tool calls");
    expect(await listBudgetCounters(postgres.db, { budgetId: id, generation: 1 })).toMatchObject([
      { reservedToolCalls: "2", reservedCalls: "0", reservedTokens: "0" },
    ]);
  });

  test("tokens and calls are held as dollars are, and fit to the last one", async () => {
    await budget({ mode: "strict", limitUsd: null, limitTokens: 4_000n, limitCalls: 3n });
    expect(await codes(LLM)).toEqual(["allow"]);
    expect(await codes({ ...LLM, estimated_usage: { ...USAGE, input_tokens: 1_001 } })).toEqual([
      "block",
      "budget_exceeded",
    ]);
    expect(await codes(LLM)).toEqual(["allow"]);
    const none = { input_tokens: 0, max_output_tokens: 0 };
    expect(await codes({ ...LLM, estimated_usage: none })).toEqual(["allow"]);
    expect(await codes({ ...LLM, estimated_usage: none })).toEqual(["block", "budget_exceeded"]);
  });

  test("seconds are known only afterwards: the limit refuses once it is reached", async () => {
    const { id } = await budget({ limitUsd: null, limitSeconds: 10n });
    await spend(id, "0", { spentMs: "9999" });
    expect(await codes()).toEqual(["allow"]);
    await spend(id, "0", { spentMs: "1" });
    expect(await codes()).toEqual(["block", "budget_exceeded"]);
  });

  test("window request is one call against its own estimate, whatever others took", async () => {
    await budget({ scope: "request", window: "request", mode: "strict", limitUsd: "0.02" });
    for (let n = 0; n < 5; n++)
      expect(await codes({ estimated_cost_usd: "0.02" })).toEqual(["allow"]);
    const refused = await ask({ estimated_cost_usd: "0.021" });
    expect(refused).toMatchObject({ decision: "block", reasons: [{ code: "budget_exceeded" }] });
    expect(refused.reasons[0]?.message).toBe(
      'The budget "test" allows $0.02 for one call; this one may take $0.021.',
    );
    expect(await codes({ ...LLM, model: "gpt-99" })).toEqual(["block", "no_price"]);
  });

  test("a throttle lets a few calls a minute past the stage, says when to come again, and begins anew with the minute", async () => {
    const { id } = await budget({ action: "throttle", throttlePerMinute: 3, limitUsd: "1" });
    await spend(id, "1");
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask()));
    expect(answers.map(({ decision }) => decision).sort()).toEqual([
      ...["block", "block"],
      ...["throttle", "throttle", "throttle"],
    ]);
    const refused = answers.find(({ decision }) => decision === "block");
    expect(refused).toMatchObject({
      reservation_id: null,
      retry_after_ms: 30_000,
      reasons: [{ code: "rate_limited", budget_id: id }],
    });
    const through = answers.find(({ decision }) => decision === "throttle");
    expect(await readReservation(postgres.db, through?.reservation_id ?? "")).toMatchObject({
      decision: "throttle",
      reservedUsd: "0.010000000000000",
    });
    nowMs += 30_000;
    expect(await codes()).toEqual(["throttle", "rate_limited"]);
  });

  test("a throttle in strict lets nothing past the limit", async () => {
    const { id } = await budget({
      mode: "strict",
      limitUsd: "1",
      throttlePerMinute: 10,
      thresholds: [{ percent: 50, notify: [], action: "throttle" }],
    });
    await spend(id, "0.4");
    expect(await codes({ estimated_cost_usd: "0.1" })).toEqual(["allow"]);
    expect(await codes({ estimated_cost_usd: "0.1" })).toEqual(["throttle", "rate_limited"]);
    expect(await codes({ estimated_cost_usd: "0.5" })).toEqual(["block", "budget_exceeded"]);
  });

  test("enforce acts at the stage that has an action, and at the last one that was passed", async () => {
    const { id } = await budget({
      limitUsd: "1",
      throttlePerMinute: 100,
      thresholds: [
        { percent: 70, notify: [] },
        { percent: 100, notify: [], action: "throttle" },
        { percent: 120, notify: [], action: "block" },
      ],
    });
    await spend(id, "0.9");
    expect(await codes({ estimated_cost_usd: "0.1" })).toEqual(["allow"]);
    expect(await codes({ estimated_cost_usd: "0.2" })).toEqual(["throttle", "rate_limited"]);
    expect(await codes({ estimated_cost_usd: "0.1" })).toEqual(["block", "budget_exceeded"]);
  });

  test("a reroute holds for the cheaper model, on its budgets, and is answered alike when it is asked again", async () => {
    const { id } = await budget({ limitUsd: "1", action: "reroute", rerouteTo: "gpt-4o-mini" });
    const mini = await budget({ scope: "model", value: "gpt-4o-mini", mode: "strict" });
    const large = await budget({ scope: "model", value: "gpt-4o", mode: "strict" });
    expect(await ask({ ...LLM, id: "a" })).toMatchObject({ decision: "allow" });
    await spend(id, "1");
    const answer = await ask({ ...LLM, id: "b" });
    expect(answer).toMatchObject({
      decision: "reroute",
      model: "gpt-4o-mini",
      reserved_usd: "0.00075",
      reasons: [{ code: "rerouted", budget_id: id }],
    });
    expect(await ask({ ...LLM, id: "b" })).toEqual(answer);
    const row = await readReservation(postgres.db, "b");
    expect(row).toMatchObject({ model: "gpt-4o-mini", provider: "openai" });
    const held = holdsSchema.parse(row?.holds).map(({ budget_id }) => budget_id);
    expect(held.sort()).toEqual([id, mini.id].sort());
    expect(held).not.toContain(large.id);
    // What is for the cheaper model already goes through as it is.
    expect(await codes({ ...LLM, model: "gpt-4o-mini" })).toEqual(["allow"]);
  });

  test("a reroute that spares nothing is none: to a dearer model, or to one without a price, the budget refuses and says why", async () => {
    for (const [rerouteTo, why] of [
      ["gpt-99", "has no price"],
      ["gpt-4o", "would cost this call no less"],
    ] as const) {
      projectId = randomUUID();
      const { id } = await budget({ limitUsd: "1", action: "reroute", rerouteTo });
      await spend(id, "1");
      for (const own of [{}, { estimated_cost_usd: "0.5" }]) {
        const answer = await ask({ ...LLM, ...own, model: "gpt-4o-mini" });
        expect(answer).toMatchObject({
          decision: "block",
          reasons: [{ code: "budget_exceeded", budget_id: id }],
        });
        expect(answer.reasons[0]?.message).toContain(
          `It is not rerouted to ${rerouteTo}, which ${why}.`,
        );
      }
    }
  });

  test("a rate is a price: in strict a call without an output cap is told that", async () => {
    await budget({ mode: "strict", unpriced: "rate", unpricedUsdPerMtok: "30" });
    const uncapped = { ...LLM, model: "gpt-99", estimated_usage: { input_tokens: 1 } };
    expect(await codes(uncapped)).toEqual(["block", "no_output_cap"]);
  });

  test("nothing is rerouted twice, past a strict limit or to a stopped model", async () => {
    const first = await budget({ limitUsd: "1", action: "reroute", rerouteTo: "gpt-4o-mini" });
    await spend(first.id, "1");
    const second = await budget({
      scope: "model",
      value: "gpt-4o-mini",
      limitUsd: "0",
      action: "reroute",
      rerouteTo: "gpt-5-nano",
    });
    expect(await ask(LLM)).toMatchObject({
      decision: "block",
      reasons: [{ code: "budget_exceeded", budget_id: second.id }],
    });
    projectId = randomUUID();
    const own = { limitUsd: "0.001", action: "reroute", rerouteTo: "gpt-4o-mini" };
    const strict = await budget({ ...own, mode: "strict" });
    expect(await codes(LLM)).toEqual(["reroute", "rerouted"]);
    expect(await ask(LLM)).toMatchObject({
      decision: "block",
      reasons: [{ code: "budget_exceeded", budget_id: strict.id }],
    });
    projectId = randomUUID();
    const stopped = await budget({ ...own, limitUsd: "0" });
    await engageSwitch(postgres.db, { scope: "model", value: "gpt-4o-mini", projectId });
    expect(stopped.id).toBeDefined();
    expect(await codes(LLM)).toEqual(["block", "kill_switch"]);
  });

  test("every reason is told, switches first, then tags, then budgets", async () => {
    const project = await makeProject(postgres.db);
    projectId = project.id;
    await postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      await tx
        .update(projects)
        .set({ requiredTags: ["agent", "user"] })
        .where(eq(projects.id, projectId));
    });
    const agent = await budget({ scope: "agent", value: "*", limitUsd: "0" });
    const whole = await budget({ limitUsd: "0" });
    await engageSwitch(postgres.db, { scope: "project", projectId, reason: "stop" });
    const answer = await ask({ agent: "a" });
    expect(answer.reasons.map(({ code, budget_id }) => [code, budget_id])).toEqual([
      ["kill_switch", undefined],
      ["missing_tags", undefined],
      ["budget_exceeded", whole.id],
      ["budget_exceeded", agent.id],
    ]);
    expect(answer.reasons[1]?.message).toBe("This project requires user of every call.");
    expect(answer.reasons[3]?.message).toContain('The budget "test" for agent "a" has $0 spent');
  });

  test("calls without a tag share one cap, so that leaving it out evades nothing", async () => {
    await budget({ scope: "user", value: "*", mode: "strict", limitUsd: "0.01" });
    expect(await codes({ user: "u" })).toEqual(["allow"]);
    expect(await codes()).toEqual(["allow"]);
    const { reasons } = await ask({ user: "" });
    expect(reasons[0]?.message).toContain("for user (untagged)");
  });
});
