import { expect, test } from "vitest";
import { buildTree } from "@/lib/traces/build-tree";
import { markRepetition } from "@/lib/traces/mark-repetition";
import { measureContext } from "@/lib/traces/measure-context";
import { makeLedgerRow } from "@/lib/traces/testing/make-tree-input";
import type { LedgerRow } from "@/lib/traces/tree-step";

type Given = Partial<LedgerRow>;
const tokensOf = (input: number) => ({
  tokens: { input, cache_read: 0, cache_write: 0, output: 10, reasoning: 0 },
});
const asked = (promptHash: string): Given => ({ promptHash, name: "chat" });
const tool = (name: string, promptHash = ""): Given => ({
  type: "tool",
  name,
  promptHash,
  tokens: null,
});
const failed: Given = { status: "error", errorType: "timeout", tokens: null };

/** Steps one after the other, a second apart, each of half a second. */
function mark(given: readonly Given[]) {
  const rows = given.map((row, n) => makeLedgerRow({ id: String(n), at: n, ...row }));
  const steps = buildTree(rows, [], null);
  const { loops, retries } = markRepetition(steps);
  const ofStep = new Map(steps.map((step) => [step.row?.id ?? "", step]));
  return rows.map(({ id }) => {
    const step = ofStep.get(id);
    if (!step) return null;
    const loop = loops.get(step);
    const retried = retries.get(step);
    const retry = retries.has(step) ? `retry of ${retried?.row?.id ?? "?"}` : "";
    return [loop ? `${loop.repeats}x${loop.length}` : "", retry].filter(Boolean).join(" ");
  });
}

test("the same question three times in a row is a loop, twice is none, and neither is another question between", () => {
  const [a, b] = [asked("a"), asked("b")];
  expect(mark([a, a, a])).toEqual(["3x1", "3x1", "3x1"]);
  expect(mark([a, a])).toEqual(["", ""]);
  expect(mark([a, a, b, a])).toEqual(["", "", "", ""]);
  expect(mark([b, a, a, a, a, b])).toEqual(["", "4x1", "4x1", "4x1", "4x1", ""]);
});

test("a sequence that runs three times is a loop, told by its shortest length", () => {
  const around = [asked("a"), tool("search"), tool("read", "x")];
  const loop = Array(9).fill("3x3");
  expect(mark([...around, ...around, ...around])).toEqual(loop);
  expect(mark([...around, ...around])).toEqual(Array(6).fill(""));
  const same = Array.from({ length: 6 }, () => asked("a"));
  expect(mark(same)).toEqual(Array(6).fill("6x1"));
});

test("without hashes a call is the same while its input is; a tool known by name only never makes a loop", () => {
  expect(mark([tokensOf(7), tokensOf(7), tokensOf(7)])).toEqual(["3x1", "3x1", "3x1"]);
  expect(mark([tokensOf(7), tokensOf(9), tokensOf(11)])).toEqual(["", "", ""]);
  expect(mark([tool("search"), tool("search"), tool("search")])).toEqual(["", "", ""]);
  const work = [10, 20, 30].flatMap((input) => [tokensOf(input), tool("search")]);
  expect(mark(work)).toEqual(Array(6).fill(""));
});

test("what runs side by side is no loop", () => {
  const long = { ...asked("a"), durationMs: 60_000 };
  expect(mark([long, long, long])).toEqual(["", "", ""]);
});

test("an attempt, and the same call after an error, are retries; another question is none", () => {
  expect(mark([{ attempt: 2 }, { attempt: 1 }])).toEqual(["retry of ?", ""]);
  expect(mark([failed, {}])).toEqual(["", "retry of 0"]);
  expect(mark([{ ...failed, ...asked("a") }, asked("b")])).toEqual(["", ""]);
  expect(mark([{ ...failed, model: "other" }, {}])).toEqual(["", ""]);
  expect(mark([{ ...failed, durationMs: 5_000 }, {}])).toEqual(["", ""]);
  const broken = { ...tool("search"), ...failed };
  expect(mark([broken, tool("search")])).toEqual(["", "retry of 0"]);
  expect(mark([broken, {}, tool("search")])).toEqual(["", "", ""]);
});

test("input is told turn by turn of each run of an agent, and marked where it doubled past 8,000 or nears the window", () => {
  const inputs = [5_000, 7_000, 9_999, 10_000, 81_000];
  const rows = inputs.map((input, n) =>
    makeLedgerRow({ id: String(n), at: n, ...tokensOf(input) }),
  );
  const other = makeLedgerRow({ id: "x", at: 9, agent: "other", ...tokensOf(85_000) });
  const steps = buildTree([...rows, other], [], null);
  const turns = [...measureContext(steps, () => 100_000).values()];
  expect(
    turns.map(({ turn, windowShare, growth, isGrowing }) => [turn, windowShare, growth, isGrowing]),
  ).toEqual([
    [1, 0.05, 1, false],
    [2, 0.07, 1.4, false],
    [3, 0.1, 1.9998, false],
    [4, 0.1, 2, true],
    [5, 0.81, 16.2, true],
    [1, 0.85, 1, true],
  ]);
  expect([...measureContext(steps, () => null).values()].map((turn) => turn.windowShare)).toEqual(
    Array(6).fill(null),
  );
});
