import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Outlay } from "../create-outlay.ts";
import { AgentHaltedError } from "../halted-error.ts";
import { createOutlay } from "../node.ts";
import type { OutlayOptions } from "../options.ts";
import { budgetOf, engaged, type FakeOutlay, openFakeOutlay } from "../testing/fake-outlay.ts";

let server: FakeOutlay;
let made: Outlay[];
beforeEach(async () => {
  server = await openFakeOutlay();
  made = [];
});
afterEach(async () => {
  await Promise.all(made.map((outlay) => outlay.close(0)));
  await server.close();
});

function open(options: OutlayOptions = {}): Outlay {
  const outlay = createOutlay({ url: server.url, apiKey: "k", flushAtExit: false, ...options });
  made.push(outlay);
  return outlay;
}

async function openLive(options: OutlayOptions = {}): Promise<Outlay> {
  const outlay = open(options);
  await vi.waitFor(() => expect(outlay.status().policy.state).toBe("live"));
  return outlay;
}

const tags = { agent: "planner", provider: "openai", model: "gpt-5", input: "hello" };
const answer = {
  id: "r1",
  object: "chat.completion",
  model: "gpt-5-2026",
  choices: [],
  usage: { prompt_tokens: 10, completion_tokens: 5 },
};
const halt = async (promise: Promise<unknown>): Promise<AgentHaltedError> => {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AgentHaltedError);
  return error as AgentHaltedError;
};

test("a call is made once and told once, word for word", async () => {
  const outlay = await openLive();
  const got = await outlay.guard.llm(() => Promise.resolve(answer), tags);
  expect(got).toBe(answer);
  await outlay.flush();
  expect(server.events()).toMatchObject([
    {
      type: "llm",
      agent: "planner",
      provider: "openai",
      model: "gpt-5-2026",
      requested_model: "gpt-5",
      raw_usage: { api: "openai.chat_completions", body: answer.usage },
      status: "ok",
      sequence: 1,
      metadata: { response_id: "r1" },
    },
  ]);
  expect(outlay.status()).toMatchObject({ activeCalls: 0, faults: 0, events: { accepted: 1 } });
});

test("while a switch is engaged nothing of the agent begins, and it is told why and by whom; another agent goes on", async () => {
  const outlay = await openLive();
  server.setPolicy({ kill_switches: [engaged("planner")] });
  await vi.waitFor(() => expect(outlay.status().policy.version).toBe(2));
  const call = vi.fn(() => answer);
  expect(await halt(outlay.guard.llm(call, tags))).toMatchObject({
    code: "kill_switch",
    by: "Ada",
    scope: "agent",
    message: 'The kill switch of agent "planner" was engaged by Ada: a loop.',
  });
  await halt(outlay.guard.tool("search", call, { agent: "planner" }));
  expect(call).not.toHaveBeenCalled();
  await outlay.guard.llm(call, { ...tags, agent: "writer" });
  expect(call).toHaveBeenCalledTimes(1);
});

test("a switch stops what is under way and says so at once", async () => {
  const outlay = await openLive({ agent: "planner" });
  let signal: AbortSignal | null = null;
  const running = outlay.guard.llm(
    (context) =>
      new Promise((_, reject) => {
        signal = context.signal;
        context.signal.addEventListener("abort", () => reject(new Error("aborted")));
      }),
    tags,
  );
  const halted = halt(running);
  await vi.waitFor(() => expect(signal).not.toBeNull());
  server.setPolicy({ kill_switches: [engaged("planner")] });
  expect((await halted).code).toBe("kill_switch");
  await vi.waitFor(() =>
    expect(server.of("/v1/agents/heartbeat").map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ agent: "planner", policy_version: 2, state: "halted" }),
    ),
  );
  await outlay.flush();
  expect(server.events()).toMatchObject([{ status: "error", error_type: "cancelled" }]);
});

test("a strict budget is asked for each call, holds its worst case, and the event settles it", async () => {
  server.setPolicy({ not_asked: ["agent"], budgets: [budgetOf({ mode: "strict" })] });
  server.answer("/v1/policy?agent=", () => ({
    status: 200,
    body: { version: 2, ttl_seconds: 5, budgets: [budgetOf({ mode: "strict" })], not_asked: [] },
  }));
  const outlay = await openLive();
  await outlay.guard.llm(() => answer, { ...tags, maxOutputTokens: 100 });
  const [wish] = server.of("/v1/reservations");
  expect(wish?.body).toMatchObject({
    type: "llm",
    agent: "planner",
    provider: "openai",
    model: "gpt-5",
    estimated_usage: { input_tokens: 37, max_output_tokens: 100 },
  });
  await outlay.flush();
  expect(server.events()).toMatchObject([{ reservation_id: wish?.body.id }]);
});

test("what the server refuses is refused, with when to come back", async () => {
  server.setPolicy({ budgets: [budgetOf({ mode: "strict", scope: "global", value: null })] });
  server.answer("/v1/reservations", () => ({
    status: 200,
    body: {
      decision: "block",
      reservation_id: null,
      retry_after_ms: 30_000,
      reasons: [{ code: "rate_limited", budget_id: "b1", message: "Slowly." }],
    },
  }));
  const outlay = await openLive();
  expect(await halt(outlay.guard.llm(() => answer, tags))).toMatchObject({
    code: "rate_limited",
    budgetId: "b1",
    retryAfterMs: 30_000,
    reason: "Slowly.",
  });
  await outlay.flush();
  expect(server.events()).toEqual([]);
});

test("a reroute is called by its model and told with the one that was asked for", async () => {
  server.setPolicy({ budgets: [budgetOf({ mode: "strict", scope: "global", value: null })] });
  server.answer("/v1/reservations", ({ body }) => ({
    status: 200,
    body: { decision: "reroute", reservation_id: body.id, model: "gpt-5-mini", reasons: [] },
  }));
  const outlay = await openLive();
  const models: string[] = [];
  await outlay.guard.llm(({ model }) => models.push(model), tags);
  expect(models).toEqual(["gpt-5-mini"]);
  await outlay.flush();
  expect(server.events()).toMatchObject([{ model: "gpt-5-mini", requested_model: "gpt-5" }]);
});

test("out of reach, calls fail open or closed as configured, and which one is told", async () => {
  server.answer("/v1/", () => null);
  const opened = open({ failMode: "open" });
  const closed = open({ failMode: "closed" });
  const call = vi.fn(() => answer);
  const refused = halt(closed.guard.llm(call, tags));
  await opened.guard.llm(call, tags);
  expect((await refused).code).toBe("unreachable");
  expect(call).toHaveBeenCalledTimes(1);
  expect(opened.status().policy).toMatchObject({ state: "failed_open", letThrough: 1 });
  expect(closed.status().policy).toMatchObject({ state: "failed_closed", refused: 1 });
});
