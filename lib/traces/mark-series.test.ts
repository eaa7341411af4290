import { expect, test } from "vitest";
import { RUNAWAY_DAY } from "@/lib/demo/demo-company";
import { eventsOfDay } from "@/lib/demo/demo-fleet";
import type { DemoEvent } from "@/lib/demo/demo-run";
import { createRandom, type Random } from "@/lib/demo/seeded-random";
import { buildTree } from "@/lib/traces/build-tree";
import { markRepetition } from "@/lib/traces/mark-repetition";
import { makeLedgerRow } from "@/lib/traces/testing/make-tree-input";
import type { LedgerRow, StepTokens } from "@/lib/traces/tree-step";
import { normaliseRawUsage } from "@/lib/usage/normalise-raw-usage";

type Given = Partial<LedgerRow> & { waitMs?: number };

const sized = (input: number, output = 300): { tokens: StepTokens } => ({
  tokens: { input, cache_read: 0, cache_write: 0, output, reasoning: 0 },
});
const between = (random: Random, low: number, high: number) =>
  low + Math.floor(random() * (high - low + 1));
/** Of a row of calls each, with chance of its own. */
const calls = (count: number, make: (at: number, random: Random) => Given): Given[] => {
  const random = createRandom("series");
  return Array.from({ length: count }, (_, at) => make(at, random));
};

/** Steps one after the other, half a second each and so long apart; what is told of each. */
function mark(given: readonly Given[]): (string | null)[] {
  let atMs = 0;
  const rows = given.map(({ waitMs = 250, ...row }, n) => {
    const made = makeLedgerRow({ id: String(n), at: atMs / 1000, agent: "a", ...row });
    atMs += 500 + waitMs;
    return made;
  });
  return marksOf(rows);
}

function marksOf(rows: readonly LedgerRow[]): (string | null)[] {
  const steps = buildTree(rows, [], null);
  const { loops } = markRepetition(steps);
  const ofRow = new Map(steps.map((step) => [step.row?.id, step]));
  return rows.map(({ id }) => {
    const step = ofRow.get(id);
    const loop = step && loops.get(step);
    return loop ? `${loop.evidence} ${loop.repeats}x${loop.length}` : null;
  });
}

const all = (marks: readonly (string | null)[]) => [...new Set(marks)];
const growing = (at: number, random: Random) => sized(2_000 + at * 90, between(random, 300, 900));
const noisy = (_: number, random: Random) =>
  sized(between(random, 4_000, 4_030), between(random, 60, 200));

test("fifty calls of a growing or of much the same prompt right after one another are told as a row, fewer are not", () => {
  expect(all(mark(calls(50, growing)))).toEqual(["alike 50x1"]);
  expect(all(mark(calls(49, growing)))).toEqual([null]);
  expect(all(mark(calls(520, noisy)))).toEqual(["alike 520x1"]);
});

test("prompts that are all of one length are the same step, as ever", () => {
  expect(all(mark(calls(60, () => sized(700))))).toEqual(["same 60x1"]);
});

test("a failed attempt in the row is passed over, and a prompt that starts anew begins another row", () => {
  const failed: Given = { status: "error", errorType: "timeout", tokens: null };
  const before = calls(30, growing);
  const after = calls(30, (at, random) => growing(at + 30, random));
  expect(mark([...before, failed, failed, ...after]).filter(Boolean)).toHaveLength(60);
  const again = mark([...calls(60, growing), ...calls(10, growing)]);
  expect(again.filter((told) => told === "alike 60x1")).toHaveLength(60);
  expect(again.slice(60)).toEqual(Array(10).fill(null));
});

test("five hundred questions of different lengths are no row, however quickly they follow", () => {
  const batch = (_: number, random: Random) =>
    sized(between(random, 600, 2_400), between(random, 20, 80));
  expect(all(mark(calls(500, batch)))).toEqual([null]);
  // A long prompt that is the same for all, and texts of 20 to 400 tokens behind it.
  const shared = (_: number, random: Random) => sized(6_000 + between(random, 20, 400), 12);
  expect(all(mark(calls(500, shared)))).toEqual([null]);
});

test("questions that differ by less than a hundredth are told as a row, and never as the same step", () => {
  const marks = all(mark(calls(500, noisy)));
  expect(marks).toEqual(["alike 500x1"]);
});

test("what is known of its questions, waits for a person, answers at any length or runs side by side is no row", () => {
  const hashed = calls(60, (at, random) => ({ ...growing(at, random), promptHash: `h${at}` }));
  expect(all(mark(hashed))).toEqual([null]);
  const chat = calls(60, (at, random) => ({ ...growing(at, random), waitMs: 12_000 }));
  expect(all(mark(chat))).toEqual([null]);
  const talk = calls(60, (at) => sized(2_000 + at * 90, at % 10 === 0 ? 3_000 : 40));
  expect(all(mark(talk))).toEqual([null]);
  const parallel = calls(60, (at, random) => ({ ...growing(at, random), durationMs: 60_000 }));
  expect(all(mark(parallel))).toEqual([null]);
});

test("a tool, another model or an agent that is asked between two calls makes work of them", () => {
  const turns = calls(60, growing);
  const tool: Given = { type: "tool", name: "search", tokens: null };
  expect(all(mark(turns.flatMap((turn) => [turn, tool])))).toEqual([null]);
  const models = turns.map((turn, at) => ({ ...turn, model: at % 2 ? "gpt-5" : "gpt-5-mini" }));
  expect(all(mark(models))).toEqual([null]);
  const run: Given = { type: "agent", spanId: "run", agent: "a", tokens: null };
  const helper: Given = { type: "agent", agent: "b", parentSpanId: "run", tokens: null };
  const under = turns.map((turn) => ({ ...turn, parentSpanId: "run" }));
  const helped = under.flatMap((turn, at) => (at % 20 === 19 ? [turn, helper] : [turn]));
  expect(all(mark([run, ...helped]))).toEqual([null]);
  expect(mark([run, ...under]).filter(Boolean)).toHaveLength(60);
});

test("the demo's runaway agent is seen, and none of the other runs of its day", () => {
  const events = eventsOfDay(`2026-11-${RUNAWAY_DAY}`);
  const marks = marksOf(events.map(toRow));
  const runaway = events.map(({ id, type }) => String(id).includes("runaway") && type !== "agent");
  expect(marks.map((told) => told !== null)).toEqual(runaway);
  expect(marks.filter((told) => told === "alike 520x1")).toHaveLength(520);
});

/** An event of the demo as the ledger has it. */
function toRow(event: DemoEvent): LedgerRow {
  const text = (name: string) => String(event[name] ?? "");
  const raw = event.raw_usage === undefined ? null : normaliseRawUsage(event.raw_usage as never);
  const usage = raw?.ok ? raw.usage : null;
  return makeLedgerRow({
    id: text("id"),
    at: (Date.parse(event.timestamp) - Date.UTC(2026, 10, 21, 12)) / 1000,
    traceId: text("trace_id"),
    spanId: text("span_id"),
    parentSpanId: text("parent_span_id"),
    type: (event.type ?? "llm") as LedgerRow["type"],
    name: text("name"),
    agent: text("agent"),
    model: text("model"),
    status: (event.status ?? "ok") as LedgerRow["status"],
    errorType: text("error_type"),
    durationMs: Number(event.duration_ms),
    ...(usage ? sized(usage.input_tokens ?? 0, usage.output_tokens ?? 0) : { tokens: null }),
  });
}
