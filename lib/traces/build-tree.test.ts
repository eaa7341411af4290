import fc from "fast-check";
import { expect, test } from "vitest";
import { parseUsd } from "@/lib/money";
import { buildTree } from "@/lib/traces/build-tree";
import { makeLedgerRow, makeSpan } from "@/lib/traces/testing/make-tree-input";
import { toTreeAnswer } from "@/lib/traces/to-tree-answer";
import { sessionTreeSchema } from "@/lib/traces/trace-schemas";
import { type LedgerRow, noTotals, type TreeSpan } from "@/lib/traces/tree-step";

const NO_TAGS = makeSpan({ spanId: "x", at: 0 }).tags;
const windowOf = (_: string, model: string) => (model === "small" ? 1_000 : null);
const answerOf = (rows: readonly LedgerRow[], spans: readonly TreeSpan[] = [], limit = 10_000) => {
  const options = { limit, unread: noTotals(), windowOf };
  const answer = toTreeAnswer(buildTree(rows, spans, null), options);
  sessionTreeSchema.omit({ session: true, as_of: true, expired_before: true }).parse(answer);
  return answer;
};
const femto = (usd: string | null) => parseUsd(usd ?? "0") ?? 0n;
/** One line a node: how deep, what, and its own and whole cost in units of the plain call's. */
const draw = ({ nodes }: ReturnType<typeof answerOf>) =>
  nodes.map(
    (node) =>
      `${"  ".repeat(node.depth)}${node.name} ${femto(node.cost_usd) / 10n ** 12n}/${femto(node.total_cost_usd) / 10n ** 12n}`,
  );

// Few ids, so that parents are missing, repeated, their own, and in circles.
const ids = fc.constantFrom(..."abcdefgh", "");
const place = { traceId: fc.constantFrom("t", "u", ""), spanId: ids, parentSpanId: ids };
const rowArb = fc.record({
  ...place,
  at: fc.integer({ min: 0, max: 5 }),
  type: fc.constantFrom("llm" as const, "tool" as const, "agent" as const, "step" as const),
  agent: fc.constantFrom("", "lead", "sub", "third"),
  status: fc.constantFrom("ok" as const, "error" as const),
  promptHash: fc.constantFrom("", "p"),
  durationMs: fc.constantFrom(null, 0, 1500),
  counted: fc.boolean(),
  linkedId: fc.constantFrom("", "0", "1", "2"),
  costFemto: fc.constantFrom(null, 0n, 1n, 10n ** 12n, 9_007_199_254_740_993n),
  tokens: fc.constantFrom(null, {
    input: 70,
    cache_read: 20,
    cache_write: 0,
    output: 30,
    reasoning: 0,
  }),
});
const spanArb = fc.record({
  ...place,
  at: fc.integer({ min: 0, max: 5 }),
  kind: fc.constantFrom("agent" as const, "step" as const, "other" as const, "llm" as const),
  name: fc.constantFrom("n", "m"),
});
const treeArb = fc.record({
  rows: fc
    .array(rowArb, { maxLength: 14 })
    .map((rows) => rows.map((row, n) => makeLedgerRow({ ...row, id: String(n) }))),
  spans: fc.array(spanArb, { maxLength: 10 }).map((spans) => spans.map(makeSpan)),
});

test("each cent is on exactly one step, and a total is a step's own with its children's, in any order", () => {
  fc.assert(
    fc.property(treeArb, fc.infiniteStream(fc.nat()), ({ rows, spans }, keys) => {
      const answer = answerOf(rows, spans);
      const shuffled = <T>(list: readonly T[]) =>
        list
          .map((value) => ({ value, key: keys.next().value ?? 0 }))
          .sort((one, two) => one.key - two.key)
          .map(({ value }) => value);
      expect(answerOf(shuffled(rows), shuffled(spans))).toEqual(answer);
      const counted = rows.filter((row) => row.counted);
      const whole = counted.reduce((sum, row) => sum + (row.costFemto ?? 0n), 0n);
      expect(answer.nodes.reduce((sum, node) => sum + femto(node.cost_usd), 0n)).toBe(whole);
      expect(answer.agents.reduce((sum, agent) => sum + femto(agent.cost_usd), 0n)).toBe(whole);
      expect(answer.traces.reduce((sum, trace) => sum + femto(trace.cost_usd), 0n)).toBe(whole);
      expect(answer.nodes.filter((node) => node.counted)).toHaveLength(counted.length);
      expect(new Set(answer.nodes.map(({ id }) => id)).size).toBe(answer.nodes.length);
      const places = new Map(answer.nodes.map((node, at) => [node.id, { node, at }]));
      for (const [at, node] of answer.nodes.entries()) {
        const children = answer.nodes.filter(({ parent_id }) => parent_id === node.id);
        const below = children.reduce((sum, child) => sum + femto(child.total_cost_usd), 0n);
        expect(femto(node.total_cost_usd)).toBe(femto(node.cost_usd) + below);
        expect(node.child_count).toBe(children.length);
        const above = node.parent_id === null ? undefined : places.get(node.parent_id);
        expect(node.depth).toBe(above ? above.node.depth + 1 : 0);
        expect(above?.at ?? -1).toBeLessThan(at);
      }
    }),
    { numRuns: 200 },
  );
});

test("what is not named one by one is summed where it hangs, whatever the limit, and the dearest is named", () => {
  fc.assert(
    fc.property(treeArb, fc.integer({ min: 1, max: 8 }), ({ rows, spans }, limit) => {
      const whole = answerOf(rows, spans);
      const cut = answerOf(rows, spans, limit);
      expect(cut.nodes).toHaveLength(Math.min(limit, whole.nodes.length));
      expect({ ...cut, nodes: [], more: null }).toEqual({ ...whole, nodes: [], more: null });
      const rest = [cut.more, ...cut.nodes.map(({ more }) => more)];
      const own = cut.nodes.reduce((sum, node) => sum + femto(node.cost_usd), 0n);
      const sum = (nodes: typeof whole.nodes) =>
        nodes.reduce((all, node) => all + femto(node.cost_usd), 0n);
      expect(rest.reduce((all, more) => all + femto(more?.cost_usd ?? null), own)).toBe(
        sum(whole.nodes),
      );
      const steps = cut.nodes.filter((node) => node.counted).length;
      expect(rest.reduce((all, more) => all + (more?.steps ?? 0), steps)).toBe(
        rows.filter((row) => row.counted).length,
      );
      const named = new Set(cut.nodes.map(({ id }) => id));
      for (const node of cut.nodes) {
        expect(node.parent_id === null || named.has(node.parent_id)).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

test("other spans are passed, a rest hangs under its span, and a span without an event costs nothing", () => {
  const answer = answerOf(
    [
      makeLedgerRow({ id: "otlp:t:c", at: 2, spanId: "c", parentSpanId: "http", name: "call" }),
      makeLedgerRow({ id: "otlp:t:run:rest:1", at: 1, spanId: "run", name: "rest" }),
      makeLedgerRow({ id: "x", at: 3, parentSpanId: "never", name: "lost" }),
    ],
    [
      makeSpan({ spanId: "run", at: 1, kind: "agent", tags: { ...NO_TAGS, agent: "bot" } }),
      makeSpan({ spanId: "http", at: 1.5, kind: "other", parentSpanId: "queue" }),
      makeSpan({ spanId: "queue", at: 1.2, kind: "other", parentSpanId: "run" }),
    ],
  );
  expect(draw(answer)).toEqual(["run 0/2", "  rest 1/1", "  call 1/1", "lost 1/1"]);
  expect(answer.nodes.map((node) => node.agent)).toEqual(["bot", "bot", "bot", null]);
  expect(answer.nodes.map((node) => node.is_orphan)).toEqual([false, false, false, true]);
  expect(answer.nodes.map((node) => node.call_id !== null)).toEqual([false, true, true, true]);
});

test("a report that repeats another is folded into it, a wrapper of steps and a failed attempt stay", () => {
  const repeats = { counted: false, linkedId: "inner" };
  const answer = answerOf([
    makeLedgerRow({ id: "outer", at: 0, durationMs: 9_000, name: "outer", ...repeats }),
    makeLedgerRow({ id: "inner", at: 2, parentSpanId: "outer", name: "inner", attempt: 2 }),
    makeLedgerRow({ id: "log", at: 2, spanId: "", parentSpanId: "outer", ...repeats }),
    makeLedgerRow({ id: "twin", at: 2, traceId: "u", ...repeats }),
    makeLedgerRow({
      ...{ id: "failed", at: 1, parentSpanId: "outer", name: "inner", status: "error" },
      ...{ ...repeats, tokens: null, costFemto: null },
    }),
  ]);
  expect(draw(answer)).toEqual(["outer 0/1", "  inner 0/0", "  inner 1/1"]);
  expect(answer.nodes.map((node) => node.kind)).toEqual(["step", "llm", "llm"]);
  expect(answer.nodes[2]).toMatchObject({
    repeat_count: 2,
    retry: { of: answer.nodes[1]?.id },
  });
  expect(answer.retry_count).toBe(1);
  expect(answer.nodes[0]).toMatchObject({ counted: false, cost_usd: "0", is_at_least: false });
});

test("a session over several traces tells them by time, and spans of one id in two of them are two", () => {
  const answer = answerOf([
    makeLedgerRow({ id: "a", at: 5, traceId: "first", spanId: "s", name: "late start" }),
    makeLedgerRow({ id: "b", at: 1, traceId: "first", spanId: "r", name: "early" }),
    makeLedgerRow({ id: "c", at: 3, traceId: "second", spanId: "s", name: "same id" }),
    makeLedgerRow({ id: "d", at: 6, traceId: "second", parentSpanId: "s", name: "below" }),
  ]);
  expect(draw(answer)).toEqual(["early 1/1", "late start 1/1", "same id 1/2", "  below 1/1"]);
  expect(answer.traces.map(({ trace_id, steps }) => [trace_id, steps])).toEqual([
    ["first", 2],
    ["second", 2],
  ]);
});

test("what has no price makes every total above it a lower bound, and one of nothing known unknown", () => {
  const answer = answerOf([
    makeLedgerRow({ id: "run", at: 0, type: "agent", costFemto: 0n, tokens: null }),
    makeLedgerRow({ id: "a", at: 1, parentSpanId: "run", costFemto: null, costStatus: "unpriced" }),
    makeLedgerRow({ id: "b", at: 2, parentSpanId: "a" }),
  ]);
  expect(answer.nodes).toMatchObject([
    { cost_usd: "0", total_cost_usd: "0.001", is_at_least: true, total_calls: 2, total_steps: 3 },
    { cost_usd: null, total_cost_usd: "0.001", is_at_least: true },
    { cost_usd: "0.001", total_cost_usd: "0.001", is_at_least: false },
  ]);
  const [only] = answerOf([makeLedgerRow({ id: "a", at: 1, costFemto: null })]).nodes;
  expect(only).toMatchObject({ total_cost_usd: null, is_at_least: true });
});

test("a hundred thousand steps, in one chain, in a circle or side by side, are placed in time", () => {
  // What is not linear takes minutes of these, which is past any test's time.
  const count = 100_000;
  const shapes = [(n: number) => String(n - 1), () => "0", (n: number) => String((n + 1) % count)];
  for (const above of shapes) {
    const rows = Array.from({ length: count }, (_, n) =>
      makeLedgerRow({ id: String(n), at: n, parentSpanId: above(n), agent: `a${n % 50}` }),
    );
    const answer = answerOf(rows, [], 100);
    expect(answer.node_count).toBe(count);
    const steps =
      (answer.more?.steps ?? 0) + answer.nodes.reduce((n, { more }) => n + (more?.steps ?? 0), 0);
    expect(steps).toBe(count - 100);
  }
}, 60_000);
