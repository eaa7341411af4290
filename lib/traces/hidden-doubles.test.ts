import { expect, test } from "vitest";
import { resolveTrace } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";
import { twinKeys } from "@/lib/traces/twin-keys";
import type { Usage } from "@/lib/usage/usage";

const START_US = Date.UTC(2026, 10, 1) * 1000;
const tags = { agent: null, task: null, taskType: null, feature: null, user: null, session: null };

function span({ usage = null, ...fields }: Partial<SpanFacts> & { spanId: string }): SpanFacts {
  const printed = { input: usage?.input_tokens ?? null, output: usage?.output_tokens ?? null };
  return {
    ...{ signal: "span", traceId: "t1", parentSpanId: "", source: "span:agents", service: "shop" },
    ...{ dialect: "gen-ai", name: "chat", kind: "llm", status: "ok", errorType: null },
    ...{ startUs: START_US, endUs: START_US + 1_000_000, provider: "openai", model: "gpt-4o" },
    ...{ requestedModel: null, responseId: null, usageSource: "reported", reportedCostUsd: null },
    ...{ serviceTier: null, inferenceGeo: null, attempt: null, timeToFirstTokenMs: null },
    ...{ metadata: {}, reservationId: null, faults: [], promptHash: null, tags, usage },
    printedTokens: printed.input === null && printed.output === null ? null : printed,
    ...fields,
  };
}

/** What counts, in any order of arrival: the span and its input, cached input and output, or its units. */
function counted(spans: readonly SpanFacts[]): string[] {
  const [found, again] = [spans, [...spans].reverse()].map((set) =>
    [...resolveTrace(set)]
      .flatMap(([{ spanId, usage }, { isCounted, rest }]) => {
        const counts = rest ?? (isCounted ? usage : null);
        return counts ? [`${spanId} ${show(counts)}`] : [];
      })
      .sort(),
  );
  expect(again).toEqual(found);
  return found ?? [];
}

const show = ({
  input_tokens: input,
  cache_read_tokens: cached,
  output_tokens: output,
  units,
}: Usage) =>
  units && !input && !output
    ? JSON.stringify(units)
    : `${input ?? 0}${cached ? ` (${cached} cached)` : ""}/${output ?? 0}`;

/** As it is where a client's dialect read cached tokens as a part of an input that leaves them out. */
const without = { input_tokens: 1_000, cache_read_tokens: 600, output_tokens: 50 };
const withCache = { input_tokens: 1_600, cache_read_tokens: 600, output_tokens: 50 };
const silent = { input_tokens: 1_600, output_tokens: 50 };

test.each([
  ["the wrapper includes what was cached", withCache, without, "outer"],
  ["the child includes what was cached", without, withCache, "inner"],
  ["the wrapper names no cache", silent, without, "inner"],
] as const)("%s: one call, with or without the response's id", (_, outer, inner, counting) => {
  for (const responseId of ["resp-1", null]) {
    const spans = [
      span({ spanId: "outer", usage: outer, responseId, source: "span:wrapper" }),
      span({ spanId: "inner", parentSpanId: "outer", usage: inner, responseId }),
    ];
    const wanted = counting === "outer" ? outer : inner;
    expect(counted(spans)).toEqual([`${counting} ${show(wanted)}`]);
  }
});

test("an outer span that holds the sum of steps with what was cached has no rest of cached tokens", () => {
  const steps = ["a", "b"].map((spanId) => span({ spanId, parentSpanId: "run", usage: without }));
  const sum = { input_tokens: 3_200, cache_read_tokens: 1_200, output_tokens: 100 };
  const run = span({ spanId: "run", kind: "agent", usage: sum });
  expect(counted([run, ...steps])).toHaveLength(2);
  // A step that no span tells of has an output of its own.
  const more = { ...sum, input_tokens: 4_200, output_tokens: 130 };
  expect(counted([span({ ...run, usage: more }), ...steps])).toHaveLength(3);
});

test("an embedding without output is one call, though one report writes 0 and the other nothing", () => {
  const one = span({ spanId: "a", usage: { input_tokens: 8 } });
  const zero = { input_tokens: 8, output_tokens: 0 };
  const other = span({ spanId: "b", traceId: "t2", source: "span:other", usage: zero });
  expect(counted([one, other])).toHaveLength(1);
  expect(twinKeys(one).own.filter((key) => twinKeys(other).sought.includes(key))).not.toEqual([]);
  expect(counted([one, span({ ...other, traceId: "t1", parentSpanId: "a" })])).toHaveLength(1);
  expect(counted([one, span({ spanId: "c", usage: { input_tokens: 8 } })])).toHaveLength(2);
});

test("a call of units is counted once by two sources, and an outer span counts the units left of it", () => {
  const images = (spanId: string, count: number, fields: Partial<SpanFacts> = {}) =>
    span({ spanId, model: "dall-e-3", usage: { units: { images: count } }, ...fields });
  const beside = images("b", 1, { traceId: "t2", source: "span:other" });
  expect(counted([images("a", 1), beside])).toEqual(['a {"images":1}']);
  expect(twinKeys(images("a", 1)).own.some((key) => twinKeys(beside).sought.includes(key))).toBe(
    true,
  );
  expect(counted([images("a", 1), images("b", 1)]), "one source").toHaveLength(2);
  expect(counted([images("a", 1), images("b", 2, { source: "span:other" })])).toHaveLength(2);
  const children = ["1", "2"].map((spanId) => images(spanId, 1, { parentSpanId: "run" }));
  const run = (count: number) => images("run", count, { kind: "agent" });
  expect(counted([run(2), ...children])).toEqual(['1 {"images":1}', '2 {"images":1}']);
  expect(counted([run(3), ...children])).toEqual([
    '1 {"images":1}',
    '2 {"images":1}',
    'run {"images":1}',
  ]);
});

test("a root with usage and without a model adds nothing to the calls of agents below it", () => {
  const calls = [
    span({ spanId: "a", parentSpanId: "agent", usage: { input_tokens: 100, output_tokens: 10 } }),
    span({
      spanId: "b",
      parentSpanId: "agent",
      model: "o3",
      usage: { input_tokens: 200, output_tokens: 20 },
    }),
  ];
  const agent = span({ spanId: "agent", parentSpanId: "root", kind: "agent", model: null });
  const root = (input: number, output: number, model: string | null = null) =>
    span({ spanId: "root", model, usage: { input_tokens: input, output_tokens: output } });
  const both = ["a 100/10", "b 200/20"];
  expect(counted([root(300, 30), agent, ...calls]), "the sum").toEqual(both);
  expect(counted([root(200, 20), agent, ...calls]), "the last step").toEqual(both);
  expect(counted([root(340, 33), agent, ...calls]), "more").toEqual([...both, "root 40/3"]);
  expect(counted([root(300, 30, "gpt-4o"), agent, ...calls]), "with a model").toEqual(both);
});
