import fc from "fast-check";
import { expect, test } from "vitest";
import { resolveTrace, type SpanResolution } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";
import type { Usage } from "@/lib/usage/usage";

const NO_TAGS = {
  agent: null,
  task: null,
  taskType: null,
  feature: null,
  user: null,
  session: null,
};
const START_US = Date.UTC(2026, 10, 1) * 1000;

function span(fields: Partial<SpanFacts> & { spanId: string }): SpanFacts {
  const usage = fields.usage ?? null;
  return {
    signal: "span",
    traceId: "t1",
    parentSpanId: "",
    source: "span:agents",
    service: "shop",
    dialect: "gen-ai",
    name: "chat",
    kind: "llm",
    startUs: START_US,
    endUs: START_US + 1_000_000,
    status: "ok",
    errorType: null,
    provider: "openai",
    model: "gpt-4o",
    requestedModel: null,
    responseId: null,
    usage,
    usageSource: "reported",
    printedTokens: usage && {
      input: usage.input_tokens ?? null,
      output: usage.output_tokens ?? null,
    },
    reportedCostUsd: null,
    serviceTier: null,
    inferenceGeo: null,
    attempt: null,
    timeToFirstTokenMs: null,
    tags: NO_TAGS,
    metadata: {},
    reservationId: null,
    faults: [],
    promptHash: null,
    ...fields,
  };
}

const tokens = (input: number, output: number): Usage => ({
  input_tokens: input,
  output_tokens: output,
});

function counted(spans: readonly SpanFacts[]) {
  const found: string[] = [];
  for (const [{ spanId, usage }, { isCounted, rest }] of resolveTrace(spans)) {
    const counts = rest ?? (isCounted ? usage : null);
    if (counts) found.push(`${spanId} ${counts.input_tokens}/${counts.output_tokens}`);
    else if (isCounted) found.push(spanId);
  }
  return found.sort();
}

function resolutionOf(spans: readonly SpanFacts[], spanId: string): SpanResolution | undefined {
  for (const [facts, resolution] of resolveTrace(spans)) {
    if (facts.spanId === spanId) return resolution;
  }
  return undefined;
}

test("an outer span that holds the sum, the last step or the only total counts what is left of it", () => {
  const steps = [
    span({ spanId: "a", parentSpanId: "outer", usage: tokens(100, 10) }),
    span({ spanId: "b", parentSpanId: "outer", usage: tokens(200, 20) }),
  ];
  const outer = (usage: Usage, model: string | null = "gpt-4o") =>
    span({ spanId: "outer", kind: "agent", usage, model });
  const both = ["a 100/10", "b 200/20"];
  expect(counted([...steps, outer(tokens(300, 30))]), "sum").toEqual(both);
  expect(counted([...steps, outer(tokens(200, 20))]), "last step").toEqual(both);
  expect(counted([...steps, outer(tokens(300, 30), null)]), "without a model").toEqual(both);
  expect(counted([...steps, outer(tokens(350, 37))]), "a step has no span").toEqual([
    ...both,
    "outer 50/7",
  ]);
  expect(counted([outer(tokens(300, 30))]), "alone").toEqual(["outer 300/30"]);
});

test("an outer span of one model does not account for calls of another, unless it is the sum of all", () => {
  const steps = [
    span({
      spanId: "a",
      parentSpanId: "outer",
      usage: tokens(100, 10),
      model: "gpt-4o-2024-08-06",
    }),
    span({ spanId: "b", parentSpanId: "outer", usage: tokens(50, 5), model: "gpt-4o-mini" }),
  ];
  const outer = (usage: Usage) => span({ spanId: "outer", kind: "agent", usage });
  expect(counted([...steps, outer(tokens(150, 15))])).toEqual(["a 100/10", "b 50/5"]);
  expect(counted([...steps, outer(tokens(120, 12))])).toEqual(["a 100/10", "b 50/5", "outer 20/2"]);
});

test("a model call keeps its usage when a tool below it calls the model again", () => {
  const spans = [
    span({ spanId: "call", usage: tokens(500, 50) }),
    span({ spanId: "tool", parentSpanId: "call", kind: "tool", name: "research" }),
    span({ spanId: "inner", parentSpanId: "tool", usage: tokens(70, 7) }),
  ];
  expect(counted(spans)).toEqual(["call 500/50", "inner 70/7", "tool"]);
});

test("one call told by two sources counts once, the one with more detail; loops of one source all count", () => {
  const detailed = { ...tokens(100, 10), cache_read_tokens: 80 };
  const twins = [
    span({ spanId: "a", responseId: "chatcmpl-1", usage: tokens(100, 10) }),
    span({
      spanId: "b",
      traceId: "t2",
      source: "span:other",
      responseId: "chatcmpl-1",
      usage: detailed,
    }),
  ];
  expect(counted(twins)).toEqual(["b 100/10"]);
  const loop = ["1", "2", "3"].map((spanId) => span({ spanId, usage: tokens(100, 10) }));
  expect(counted(loop)).toHaveLength(3);
  const logs = ["l1", "l2", "l3", "l4"].map((spanId) =>
    span({ spanId, traceId: "", signal: "log", source: "log:cli:api", usage: tokens(100, 10) }),
  );
  expect(counted([...loop, ...logs]), "four records of three spans").toHaveLength(4);
});

test("a gateway that gives an id of a response anew makes no call vanish", () => {
  const answer = { responseId: "chatcmpl-mock", usage: tokens(100, 10) };
  const first = span({ spanId: "a", ...answer });
  const other = { ...answer, traceId: "t2", source: "span:other" };
  const beside = span({ ...answer, spanId: "b", usage: tokens(200, 20) });
  expect(counted([first, beside]), "one source, side by side").toEqual(["a 100/10", "b 200/20"]);
  const later = { startUs: START_US + 3_600_000_000, endUs: START_US + 3_601_000_000 };
  expect(counted([first, span({ spanId: "c", ...other, ...later })]), "an hour later").toHaveLength(
    2,
  );
  const another = span({ ...other, spanId: "d", model: "o3", usage: tokens(7, 1) });
  expect(counted([first, another]), "of another model").toEqual(["a 100/10", "d 7/1"]);
  const alias = span({ ...other, spanId: "d", model: "our-deployment" });
  expect(counted([first, alias]), "under an alias, with the same figures").toHaveLength(1);
  expect(counted([first, span({ spanId: "e", ...other })]), "told twice").toHaveLength(1);
  const wrapper = span({ ...answer, spanId: "f" });
  const inner = span({ ...answer, spanId: "g", parentSpanId: "f" });
  expect(counted([wrapper, inner]), "one source, within one another").toHaveLength(1);
});

test("an SDK's event and a span of the same place are one call, the event's", () => {
  const facts = { traceId: "t1", spanId: "s1", usage: tokens(100, 10) };
  const event = span({ ...facts, signal: "event", source: "event:sdk" });
  const found = resolveTrace([
    span({ ...facts, usage: { ...facts.usage, reasoning_tokens: 3 } }),
    event,
  ]);
  expect([...found].filter(([, { isCounted }]) => isCounted).map(([{ signal }]) => signal)).toEqual(
    ["event"],
  );
});

test("failed attempts are folded into the last one, which says how many it took; a refused call is one", () => {
  const attempt = (spanId: string, seconds: number, fields: Partial<SpanFacts>) =>
    span({
      spanId,
      parentSpanId: "p",
      startUs: START_US + seconds * 1_000_000,
      endUs: START_US + seconds * 1_000_000 + 100_000,
      ...fields,
    });
  const failed = { status: "error" as const, errorType: "rate_limit" as const };
  const last = attempt("3", 4, { usage: tokens(10, 1) });
  const spans = [attempt("1", 0, failed), attempt("2", 2, failed), last];
  expect(counted(spans)).toEqual(["3 10/1"]);
  expect(resolutionOf(spans, "3")?.attempt).toBe(3);
  expect(resolutionOf(spans, "1")?.linkedTo).toBe(last);
  const refused = { status: "error" as const, errorType: "validation" as const };
  expect(counted([attempt("1", 0, refused), last])).toEqual(["1", "3 10/1"]);
});

test("a call without usage is none below or beside one that has it, and is one alone", () => {
  const outer = span({ spanId: "outer", usage: tokens(10, 1) });
  const bare = span({ spanId: "bare", source: "span:http", parentSpanId: "outer" });
  expect(counted([outer, bare])).toEqual(["outer 10/1"]);
  const beside = span({ spanId: "beside", traceId: "t9", source: "span:http" });
  expect(counted([outer, beside])).toEqual(["outer 10/1"]);
  expect(counted([bare])).toEqual(["bare"]);
});

test("tags come from ancestors, nearest first, and the trace's only session is everybody's", () => {
  const spans = [
    span({ spanId: "root", kind: "agent", tags: { ...NO_TAGS, agent: "boss", feature: "faq" } }),
    span({
      spanId: "sub",
      parentSpanId: "root",
      kind: "agent",
      tags: { ...NO_TAGS, agent: "writer" },
    }),
    span({ spanId: "call", parentSpanId: "sub", usage: tokens(1, 1) }),
    span({
      spanId: "leaf",
      parentSpanId: "root",
      kind: "other",
      tags: { ...NO_TAGS, session: "s1" },
    }),
  ];
  const expected = { agent: "writer", feature: "faq", session: "s1", user: null };
  expect(resolutionOf(spans, "call")?.tags).toMatchObject(expected);
});

test("where parents form a ring and links would too, one of them counts: nothing is lost", () => {
  const spans = [
    span({
      ...{ traceId: "t1", spanId: "a", parentSpanId: "a", source: "span:a", responseId: "r1" },
      ...{ model: "gpt-4o-mini", startUs: START_US, endUs: START_US + 500_000 },
    }),
    span({
      ...{ traceId: "t0", spanId: "b", parentSpanId: "a", source: "log:c:d", usage: tokens(0, 0) },
      ...{ model: "gpt-4o-mini", startUs: START_US, endUs: START_US + 500_000 },
    }),
    span({
      ...{ traceId: "t0", spanId: "a", parentSpanId: "b", source: "span:a", responseId: "r1" },
      ...{ model: null, usage: tokens(10, 1) },
      ...{ startUs: START_US + 1_000_000, endUs: START_US + 1_500_000 },
    }),
  ];
  const resolved = resolveTrace(spans);
  for (const { linkedTo } of resolved.values()) {
    const target = linkedTo && resolved.get(linkedTo);
    if (target) expect(target.isCounted || target.rest !== null).toBe(true);
  }
  expect([...resolved.values()].some(({ isCounted, rest }) => isCounted || rest)).toBe(true);
});

/** Trees of any shape, rings of parents and twins among them. */
const anySpan = fc.record({
  id: fc.nat(11),
  parent: fc.nat(12),
  trace: fc.nat(1),
  kind: fc.constantFrom("llm", "agent", "tool", "step", "other"),
  source: fc.constantFrom("span:a", "span:b", "log:c:d"),
  input: fc.option(fc.nat(3), { nil: null }),
  model: fc.constantFrom("gpt-4o", "gpt-4o-mini", null),
  response: fc.constantFrom(null, null, "r1", "r2"),
  isFailed: fc.boolean(),
  start: fc.nat(3),
  session: fc.constantFrom(null, null, "s1", "s2"),
} as const);

test("the answer depends on the set alone, and every link ends at something that counts", () => {
  const sets = fc
    .uniqueArray(anySpan, {
      minLength: 1,
      maxLength: 12,
      selector: ({ id, trace }) => `${trace} ${id}`,
    })
    .chain((set) =>
      fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length })),
    );
  fc.assert(
    fc.property(sets, ([set, shuffled]) => {
      const make = (one: (typeof set)[number]) =>
        span({
          spanId: `s${one.id}`,
          traceId: `t${one.trace}`,
          parentSpanId: one.parent === 12 ? "" : `s${one.parent}`,
          kind: one.kind,
          source: one.source,
          usage:
            one.input === null || one.kind === "other" ? null : tokens(one.input * 10, one.input),
          model: one.model,
          responseId: one.kind === "llm" ? one.response : null,
          status: one.isFailed ? "error" : "ok",
          startUs: START_US + one.start * 1_000_000,
          endUs: START_US + one.start * 1_000_000 + 500_000,
          tags: { ...NO_TAGS, session: one.session },
        });
      const [found, again] = [resolveTrace(set.map(make)), resolveTrace(shuffled.map(make))];
      const show = (resolved: typeof found) =>
        [...resolved]
          .map(([{ traceId, spanId }, { linkedTo, ...rest }]) =>
            JSON.stringify([traceId, spanId, linkedTo?.traceId, linkedTo?.spanId, rest]),
          )
          .sort();
      expect(show(again)).toEqual(show(found));
      for (const [, { linkedTo, isCounted }] of found) {
        if (!linkedTo) continue;
        expect(isCounted).toBe(false);
        const target = found.get(linkedTo);
        expect(target?.isCounted || target?.rest).toBeTruthy();
      }
    }),
  );
});

test("a chain of twenty thousand spans and ten thousand calls alike are resolved", () => {
  const chain = Array.from({ length: 20_000 }, (_, i) =>
    span({ spanId: `s${i}`, parentSpanId: i === 0 ? "" : `s${i - 1}`, usage: tokens(5, 1) }),
  );
  expect(counted(chain)).toHaveLength(1);
  const alike = Array.from({ length: 10_000 }, (_, i) =>
    span({
      spanId: `s${i}`,
      source: i % 2 ? "span:a" : "span:b",
      usage: i % 3 ? tokens(5, 1) : null,
    }),
  );
  expect(counted(alike).length).toBeGreaterThan(3_000);
});
