import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Outlay } from "../create-outlay.ts";
import { createOutlay } from "../node.ts";
import type { OutlayOptions } from "../options.ts";
import { engaged, type FakeOutlay, openFakeOutlay } from "../testing/fake-outlay.ts";
import { type Message, truncatePrompt } from "./truncate-prompt.ts";

let server: FakeOutlay;
let outlay: Outlay;
beforeEach(async () => {
  server = await openFakeOutlay();
  outlay = await openLive();
});
afterEach(async () => {
  await outlay.close(0);
  await server.close();
});

async function openLive(options: OutlayOptions = {}): Promise<Outlay> {
  const made = createOutlay({ url: server.url, apiKey: "k", flushAtExit: false, ...options });
  await vi.waitFor(() => expect(made.status().policy.state).toBe("live"));
  return made;
}

/** A call that uses so many tokens. */
const use = (input: number, output = 0, tags: object = {}) =>
  outlay.guard.llm(
    () => ({
      object: "chat.completion",
      model: "gpt-5",
      choices: [],
      usage: { prompt_tokens: input, completion_tokens: output },
    }),
    { provider: "openai", model: "gpt-5", ...tags },
  );
const tool = () => outlay.guard.tool("search", () => "found");

test("runs nest: tags are inherited, each has its place in one tree, and what asked for it in another service is above", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await outlay.run({ agent: "planner", user: "u", session: "s", traceparent }, async (outer) => {
    expect(outlay.currentRun()).toBe(outer);
    await outlay.run({ agent: "researcher", task: "t" }, async () => {
      await Promise.all([use(1), tool()]);
    });
    expect(outlay.currentRun()).toBe(outer);
    expect(outlay.traceHeaders().traceparent).toBe(`00-${outer.traceId}-${outer.spanId}-01`);
  });
  expect(outlay.currentRun()).toBeNull();
  await outlay.flush();
  const events = server.events();
  const of = (type: string, agent: string) =>
    events.find((event) => event.type === type && event.agent === agent);
  const planner = of("agent", "planner");
  const researcher = of("agent", "researcher");
  expect(planner).toMatchObject({ parent_span_id: "b7ad6b7169203331", status: "ok" });
  expect(researcher).toMatchObject({ parent_span_id: planner?.span_id, user: "u", task: "t" });
  for (const type of ["llm", "tool"])
    expect(of(type, "researcher")).toMatchObject({
      parent_span_id: researcher?.span_id,
      session: "s",
    });
  expect(new Set(events.map(({ trace_id }) => trace_id))).toEqual(
    new Set(["0af7651916cd43dd8448eb211c80319c"]),
  );
});

test("two runs at once know nothing of each other", async () => {
  const users = ["a", "b", "c"];
  await Promise.all(
    users.map((user) =>
      outlay.run({ user }, async () => {
        await use(1);
        await use(1);
      }),
    ),
  );
  await outlay.flush();
  const calls = server.events().filter(({ type }) => type === "llm");
  for (const user of users) {
    const own = calls.filter((call) => call.user === user);
    expect(own).toHaveLength(2);
    expect(new Set(own.map(({ trace_id }) => trace_id)).size).toBe(1);
  }
});

test("tokens: a run goes on until only the reserve is left, which the final answer may use", async () => {
  await outlay.run({ limits: { tokens: 100, reserve: 0.2 } }, async (run) => {
    await use(60, 15);
    expect(run.canContinue()).toBe(true);
    expect(run.promptFits(5)).toBe(true);
    expect(run.promptFits(6)).toBe(false);
    await use(5);
    expect(run.canContinue()).toBe(false);
    await expect(use(1)).rejects.toMatchObject({ code: "limit_reached", scope: "run" });
    await run.final(() => use(15, 5));
    await expect(run.final(() => use(1))).rejects.toMatchObject({ code: "limit_reached" });
    expect(run.summary()).toMatchObject({
      calls: 3,
      inputTokens: 80,
      outputTokens: 20,
      stopReason: { code: "tokens" },
    });
  });
});

test("a call whose prompt alone does not fit is not made", async () => {
  await outlay.run({ limits: { tokens: 1000 } }, async (run) => {
    const input = "word ".repeat(5000);
    await expect(use(1, 0, { input })).rejects.toMatchObject({ code: "limit_reached" });
    const short = run.truncateToBudget(input, { model: "gpt-5", maxOutputTokens: 200 });
    expect(run.promptFits(short, { model: "gpt-5", maxOutputTokens: 200 })).toBe(true);
    expect(input.startsWith(short)).toBe(true);
    await use(1, 0, { input: short });
    expect(run.summary().calls).toBe(1);
  });
});

test("tool calls and time are limits too; inner runs draw on those around them", async () => {
  await outlay.run({ limits: { tool_calls: 2, seconds: 3600 } }, async (outer) => {
    await outlay.run({ agent: "inner" }, tool);
    await tool();
    await expect(tool()).rejects.toMatchObject({ code: "limit_reached" });
    expect(outer.stopReason()).toMatchObject({ code: "tool_calls" });
    // It may still answer.
    await use(1);
  });
  await outlay.run({ limits: { seconds: 0 } }, async (run) => {
    expect(run.stopReason()).toMatchObject({ code: "seconds" });
    await expect(use(1)).rejects.toMatchObject({ code: "limit_reached" });
  });
});

const prices = { input_per_mtok: "1.25", output_per_mtok: "10", cache_read_per_mtok: "0.125" };

test("dollars are exact sums of what tokens cost at most; without a price the limit is not known, and says so", async () => {
  server.answer("/v1/prices", ({ url }) => ({
    status: 200,
    body: { prices: url.includes("unknown") ? null : prices },
  }));
  await outlay.run({ limits: { usd: "0.02" } }, async (run) => {
    await use(1_000, 1_000);
    expect(run.summary().usd).toBe("0.01125");
    expect(run.canContinue()).toBe(true);
    expect(run.promptFits(7_000, { model: "gpt-5" })).toBe(true);
    await use(1_000, 1_000);
    expect(run.summary()).toMatchObject({ usd: "0.0225", stopReason: { code: "usd" } });
    await expect(use(1)).rejects.toMatchObject({ code: "limit_reached" });
  });
  await outlay.run({ limits: { usd: "1" } }, async (run) => {
    await outlay.guard.llm(
      () => ({ usage: { prompt_tokens: 1, completion_tokens: 1 }, choices: [] }),
      {
        provider: "openai",
        model: "unknown",
      },
    );
    await vi.waitFor(() => expect(run.stopReason()).toMatchObject({ code: "no_price" }));
    expect(run.summary().usd).toBeNull();
  });
});

test("where a run is limited in dollars the first calls of a model wait for its price: those that do not fit are not made", async () => {
  server.answer("/v1/prices", () => ({ status: 200, body: { prices } }));
  await outlay.run({ limits: { usd: "0.012" } }, async (run) => {
    const tags = { estimated_usage: { input_tokens: 1_000, max_output_tokens: 1_000 } };
    const both = await Promise.allSettled([use(1_000, 1_000, tags), use(1_000, 1_000, tags)]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(run.summary()).toMatchObject({ calls: 1, usd: "0.01125" });
  });
});

test("a side without a price makes each run that used it unknown, also when the other side's price is long known", async () => {
  server.answer("/v1/prices", () => ({
    status: 200,
    body: { prices: { input_per_mtok: "1", output_per_mtok: null } },
  }));
  for (let turn = 0; turn < 2; turn += 1) {
    await outlay.run({ limits: { usd: "1" } }, async (run) => {
      await use(1, 1);
      await vi.waitFor(() => expect(run.stopReason()).toMatchObject({ code: "no_price" }));
      expect(run.summary().usd).toBeNull();
    });
  }
});

test("a switch ends a run's will to go on, and says why", async () => {
  await outlay.run({ agent: "planner" }, async (run) => {
    server.setPolicy({ kill_switches: [engaged("planner")] });
    await vi.waitFor(() => expect(run.canContinue()).toBe(false));
    expect(run.stopReason()?.code).toBe("kill_switch");
  });
});

test("a limit that is misspelt or no amount is an error, and not a run without a limit", async () => {
  const work = vi.fn();
  for (const limits of [{ tokens: -1 }, { usd: "1e3" }, { dollars: 2 }, { reserve: 1 }]) {
    await expect(outlay.run({ limits } as never, work)).rejects.toThrow(TypeError);
  }
  expect(work).not.toHaveBeenCalled();
});

test("an outcome carries its run's tags, and a server that has no outcomes yet loses none and nothing else", async () => {
  let hasOutcomes = false;
  server.answer("/v1/outcomes", () => (hasOutcomes ? { status: 202, body: {} } : undefined));
  await outlay.run({ task: "t-1", task_type: "support" }, async () => {
    outlay.outcome({ status: "success", value_usd: "3" });
    await use(1);
  });
  await outlay.flush(300);
  expect(server.events()).toHaveLength(2);
  expect(outlay.status().outcomes).toMatchObject({ queued: 1, dropped: 0 });
  hasOutcomes = true;
  await outlay.flush();
  expect(server.of("/v1/outcomes").at(-1)?.body).toMatchObject({
    outcomes: [{ task: "t-1", task_type: "support", status: "success", value_usd: "3" }],
  });
  expect(outlay.status().outcomes).toMatchObject({ queued: 0, accepted: 1 });
});

test("messages that are cut keep the instructions and the last ones, fit, and answer no question that is gone", () => {
  const message: fc.Arbitrary<Message> = fc.record({
    role: fc.constantFrom("system", "user", "assistant", "tool"),
    content: fc.string({ maxLength: 30 }),
  });
  const count = (part: string | readonly Message[]) =>
    typeof part === "string" ? part.length : JSON.stringify(part).length;
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), fc.nat(600), (messages, most) => {
      const kept = truncatePrompt(messages, most, count);
      if (count(messages) <= most) {
        expect(kept).toBe(messages);
        return;
      }
      const system = messages.filter(({ role }) => role === "system");
      expect(kept.slice(0, system.length)).toEqual(system);
      const others = kept.slice(system.length);
      expect(others[0]?.role).not.toBe("tool");
      if (others.length > 0) expect(count(kept)).toBeLessThanOrEqual(most);
    }),
  );
});
