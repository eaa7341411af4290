import fc from "fast-check";
import { expect, test } from "vitest";
import { prepareChanges } from "@/components/spend/prepare-changes";
import { prepareLines } from "@/components/spend/prepare-lines";
import type { SpendAnswer } from "@/components/spend/spend-answer";
import { figuresOf } from "@/components/spend/testing/figures-of";
import { formatUsd } from "@/lib/money";

/** An answer of these costs by feature; the first is untagged. */
function answerOf(costs: (readonly [string | null, bigint | null])[], rest: bigint | null) {
  const known = costs.reduce((sum, [, cost]) => sum + (cost ?? 0n), rest ?? 0n);
  const usd = (cost: bigint | null) => (cost === null ? null : formatUsd(cost));
  return {
    total: figuresOf({ cost_usd: formatUsd(known) }),
    rows: costs.map(([feature, cost]) => ({
      bucket: "2026-11-01T00:00:00Z",
      feature,
      ...figuresOf({ cost_usd: usd(cost) }),
    })),
    rest: rest === null ? null : figuresOf({ cost_usd: formatUsd(rest) }),
  } as unknown as SpendAnswer;
}
const question = { dimensions: ["feature"], metric: "cost" as const };
const noSlot = () => null;

const amount = fc.bigInt({ min: 0n, max: 10n ** 24n });
const rows = fc
  .uniqueArray(fc.tuple(fc.constantFrom(null, ..."abcdefghijkl"), amount), {
    selector: ([name]) => name,
  })
  .map((all) => all.map(([name, cost]) => [name, cost] as const));

test("lines and rest add up to the total, to the last digit, whatever the groups", () => {
  fc.assert(
    fc.property(rows, amount, (costs, rest) => {
      const answer = answerOf(costs, rest);
      const lines = prepareLines(answer, question, [], noSlot, null);
      const sum = lines.reduce((total, line) => total + (line.value ?? 0n), rest);
      expect(formatUsd(sum)).toBe(answer.total.cost_usd);
      for (const line of lines) expect(line.shareWidth).toBeLessThanOrEqual(1);
    }),
  );
});

test("the changes of lines and rest add up to the total's change, with what is new and what is gone", () => {
  const isAll = fc.constant(null);
  fc.assert(
    fc.property(rows, rows, fc.oneof(isAll, amount), (costs, costsBefore, rest) => {
      const now = answerOf(costs, rest);
      const before = answerOf(costsBefore, null);
      const changes = prepareChanges(now, before, ["feature"], "cost");
      const lines = prepareLines(now, question, [], noSlot, changes);
      const sum = lines.reduce((total, { change }) => total + (change?.difference ?? 0n), 0n);
      expect(sum + (changes.rest?.difference ?? 0n)).toBe(changes.total?.difference);
    }),
  );
});

test("a row is new or gone only where the other answer has all rows", () => {
  const kinds = (now: SpendAnswer, before: SpendAnswer) => {
    const changes = prepareChanges(now, before, ["feature"], "cost");
    return prepareLines(now, question, [], noSlot, changes).map(({ names, change, figures }) => [
      names[0],
      change?.kind ?? null,
      figures.cost_usd,
    ]);
  };
  const now = [
    ["kept", 2n],
    ["added", 3n],
  ] as const;
  const before = [
    ["kept", 2n],
    ["dropped", 5n],
  ] as const;
  expect(kinds(answerOf([...now], null), answerOf([...before], null))).toEqual([
    ["kept", "same", "0.000000000000002"],
    ["added", "new", "0.000000000000003"],
    ["dropped", "gone", "0"],
  ]);
  expect(kinds(answerOf([...now], 1n), answerOf([...before], 1n))).toEqual([
    ["kept", "same", "0.000000000000002"],
    ["added", null, "0.000000000000003"],
  ]);
});

test("an unpriced group has no share, untagged is a line like any other, and only drawn names have a colour", () => {
  const answer = answerOf(
    [
      [null, 300n],
      ["f1", null],
      ["f2", 100n],
    ],
    0n,
  );
  const lines = prepareLines(answer, question, [null], () => 4, null);
  expect(lines.map(({ names, share, layer, slot }) => ({ names, share, layer, slot }))).toEqual([
    { names: [null], share: "75.0 %", layer: 0, slot: 4 },
    { names: ["f1"], share: null, layer: null, slot: null },
    { names: ["f2"], share: "25.0 %", layer: null, slot: null },
  ]);
});

test("a rate has the share of what it is ranked by, and lines by two dimensions keep both names", () => {
  const row = (feature: string, model: string | null, calls: number, errors: number) => ({
    bucket: "2026-11-01T00:00:00Z",
    feature,
    model,
    ...figuresOf({ calls, errors }),
  });
  const answer = {
    total: figuresOf({ calls: 4, errors: 1 }),
    rows: [row("a", "m", 3, 0), row("a", null, 1, 1)],
    rest: null,
  } as unknown as SpendAnswer;
  const both = { dimensions: ["feature", "model"], metric: "error-rate" as const };
  const lines = prepareLines(answer, both, ["a"], () => 2, null);
  expect(lines.map(({ names, share, value, layer }) => [names, share, value, layer])).toEqual([
    [["a", "m"], "75.0 %", 0n, 0],
    [["a", null], "25.0 %", 1_000_000n, 0],
  ]);
});
