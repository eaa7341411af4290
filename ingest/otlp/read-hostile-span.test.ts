import { expect, test } from "vitest";
import { readSpan } from "@/ingest/otlp/read-span";
import { makeSpan } from "@/ingest/otlp/testing/make-span";

const CALL = {
  "gen_ai.operation.name": "chat",
  "gen_ai.system": "openai",
  "gen_ai.request.model": "gpt-4o",
  "gen_ai.usage.output_tokens": 5,
};
const factsOf = (attributes: Record<string, string | number | boolean>) =>
  readSpan(makeSpan({ attributes: { ...CALL, ...attributes } }), []).facts;

test.each([-1, 1.5, 1e308, 2 ** 53, "many", "-3", "0x10", true])(
  "a count of %s is dropped and told: what the call used is not known then",
  (count) => {
    const { usage, faults } = factsOf({
      "gen_ai.usage.input_tokens": count,
      "gen_ai.usage.total_tokens": 100,
    });
    expect(usage).toBeNull();
    expect(faults).toEqual(["gen_ai.usage.input_tokens"]);
  },
);

test("an estimate, a limit, a running sum or a lone total is no usage", () => {
  const { facts } = readSpan(
    makeSpan({
      attributes: {
        "usage.prompt_context.input_tokens_estimated": 10,
        "usage.prompt_context.output_tokens_estimated": 10,
        "acme.max_input_tokens": 8000,
        "acme.max_output_tokens": 800,
        "acme.session.input_tokens": 8000,
        "acme.session.output_tokens": 800,
        "gen_ai.usage.total_tokens": 42,
      },
    }),
    [],
  );
  expect(facts.usage).toBeNull();
});

test("our own attributes win over a project's mapping, and that over what a client says where it should", () => {
  const span = makeSpan({
    attributes: { ...CALL, "outlay.feature": "own", "user.id": "u-1", "gen_ai.agent.name": "bot" },
    resource: { "service.name": "shop" },
  });
  const rule = { from: "resource", attribute: "service.name" } as const;
  const { tags } = readSpan(span, [
    { ...rule, tag: "feature", override: true },
    { ...rule, tag: "user", override: true },
    { ...rule, tag: "agent", override: false },
    { ...rule, tag: "taskType", override: false },
  ]).facts;
  expect(tags).toEqual({
    agent: "bot",
    task: null,
    taskType: "shop",
    feature: "own",
    user: "shop",
    session: null,
  });
});

test("a hundred thousand attributes and a megabyte of text are read in seconds at most, and cut to what may be kept", () => {
  const attributes: Record<string, string> = { "user.id": "u".repeat(1_000_000) };
  for (let i = 0; i < 100_000; i += 1) attributes[`langfuse.trace.metadata.k${i}`] = "v";
  attributes[`gen_ai.prompt.${".".repeat(1_000_000)}`] = "deep";
  attributes["langfuse.observation.type"] = "generation";
  attributes["langfuse.observation.usage_details"] = "[".repeat(1_000_000);
  const begun = performance.now();
  const { facts, content } = readSpan(makeSpan({ attributes: { ...CALL, ...attributes } }), []);
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(facts.tags.user?.length).toBe(256);
  expect(Object.keys(facts.metadata).length).toBe(32);
  expect(facts.usage).toEqual({ output_tokens: 5 });
  expect(() => JSON.stringify([facts, content])).not.toThrow();
});

test("what was said is apart from the facts, whichever way it was sent", () => {
  const said = "a secret question";
  const flat = { "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": said };
  const event = {
    name: "gen_ai.user.message",
    timeNs: 0n,
    attributes: new Map([["content", said]]),
  };
  for (const span of [
    makeSpan({ attributes: { ...CALL, ...flat } }),
    makeSpan({ attributes: { ...CALL, "gen_ai.input.messages": `[{"content":"${said}"}]` } }),
    makeSpan({ attributes: CALL, events: [event] }),
  ]) {
    const { facts, content } = readSpan(span, []);
    expect(JSON.stringify(content?.messages)).toContain(said);
    expect(JSON.stringify(facts)).not.toContain(said);
    expect(facts.promptHash).toMatch(/^[0-9a-f]{32}$/);
  }
});

test("an HTTP request's span is no step, though a library put its attributes on it", () => {
  const attributes = { "http.request.method": "POST", "traceloop.association.properties.x": "1" };
  const { facts } = readSpan(makeSpan({ name: "POST", spanKind: 3, attributes }), []);
  expect([facts.kind, facts.usage]).toEqual(["other", null]);
});
