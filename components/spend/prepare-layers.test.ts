import fc from "fast-check";
import { expect, test } from "vitest";
import { prepareLayers } from "@/components/spend/prepare-layers";
import type { SpendAnswer } from "@/components/spend/spend-answer";
import { figuresOf } from "@/components/spend/testing/figures-of";
import { formatUsd } from "@/lib/money";

function answerOf(costs: (bigint | null)[], rest: bigint | null): SpendAnswer {
  const rows = costs.map((cost, index) => ({
    feature: `f${index}`,
    ...figuresOf({ cost_usd: cost === null ? null : formatUsd(cost) }),
  }));
  const left = rest === null ? null : figuresOf({ cost_usd: formatUsd(rest) });
  return { rows, rest: left } as unknown as SpendAnswer;
}
const question = { group: "feature", metric: "cost" as const };
const noSlot = () => null;

test("the legend adds up to the total to the last digit, whatever is drawn on its own", () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 24n });
  fc.assert(
    fc.property(fc.array(amount, { minLength: 7, maxLength: 40 }), amount, (costs, rest) => {
      const top = ["f3", "f1", "f0", "f6", "f2", "f5"];
      const answer = answerOf(costs, rest);
      const layers = prepareLayers(answer, question, top, costs.length + 1, noSlot);
      const total = costs.reduce((sum, cost) => sum + cost, rest);
      expect(layers.reduce((sum, layer) => sum + (layer.value ?? 0n), 0n)).toBe(total);
    }),
  );
});

test("an unpriced name and an unpriced Other are unknown, not free", () => {
  const layers = prepareLayers(answerOf([null, null], null), question, ["f0"], 2, noSlot);
  expect(layers.map(({ label, value }) => [label, value])).toEqual([
    ["f0", null],
    ["Other", null],
  ]);
});

test("a name spelled like the untagged is a layer of its own", () => {
  const top = [null, "(untagged)"];
  const layers = prepareLayers(answerOf([1n], null), question, top, 2, noSlot);
  expect(new Set(layers.map(({ id }) => id)).size).toBe(2);
});

test("a rate has no Other: nobody's latency can be made of the others'", () => {
  const rate = { group: "feature", metric: "call-cost" as const };
  const layers = prepareLayers(answerOf([1n, 2n], 3n), rate, ["f0"], 9, noSlot);
  expect(layers.map(({ label }) => label)).toEqual(["f0"]);
});
