import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseMovers, prepareMovers, prepareWholeMove } from "@/components/spend/prepare-movers";
import type { SpendAnswer } from "@/components/spend/spend-answer";
import { figuresOf } from "@/components/spend/testing/figures-of";
import { formatUsd } from "@/lib/money";
import { sumParts } from "@/lib/spend/decompose-change";

interface Row {
  feature: string | null;
  model: string;
  cost: bigint | null;
  calls: number;
}

function answerOf(rows: Row[]): SpendAnswer {
  return {
    total: figuresOf(),
    rows: rows.map(({ feature, model, cost, calls }) => ({
      bucket: "2026-11-01T00:00:00Z",
      feature,
      provider: "p",
      model,
      ...figuresOf({
        cost_usd: cost === null ? null : formatUsd(cost),
        calls,
        input_tokens: calls * 10,
      }),
    })),
    rest: null,
  } as unknown as SpendAnswer;
}

const rows = fc.array(
  fc.record({
    feature: fc.constantFrom(null, ..."abcdefgh"),
    model: fc.constantFrom("x", "y", "z"),
    cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 22n })),
    calls: fc.nat({ max: 1_000 }),
  }),
  { maxLength: 30 },
);

test("a mover's parts add up to its change, and everything's to the whole change, to the last digit", () => {
  fc.assert(
    fc.property(rows, rows, (now, before) => {
      const [one, two] = [answerOf(now), answerOf(before)];
      const total = (all: Row[], name?: string | null) =>
        all
          .filter(({ feature }) => name === undefined || feature === name)
          .reduce((sum, { cost }) => sum + (cost ?? 0n), 0n);
      const names = chooseMovers(one, two, "feature");
      for (const mover of prepareMovers(one, two, "feature", names)) {
        expect(sumParts(mover.parts)).toBe(total(now, mover.name) - total(before, mover.name));
        expect(mover.now - mover.before).toBe(sumParts(mover.parts));
      }
      const whole = prepareWholeMove(one, two);
      expect(sumParts(whole.parts)).toBe(total(now) - total(before));
    }),
  );
});

test("who moved most comes first, up or down; who did not move is no mover", () => {
  const row = (feature: string, cost: bigint): Row => ({ feature, model: "x", cost, calls: 1 });
  const now = answerOf([row("up", 9n), row("same", 5n)]);
  const before = answerOf([row("up", 4n), row("same", 5n), row("gone", 8n)]);
  expect(chooseMovers(now, before, "feature")).toEqual(["gone", "up"]);
});

test("a name whose cost was not known in one of the times is no mover: nothing is said of its money", () => {
  const row = (feature: string, cost: bigint | null): Row => ({
    feature,
    model: "x",
    cost,
    calls: 1,
  });
  const now = answerOf([row("priced since", 9n), row("unknown now", null), row("up", 2n)]);
  const before = answerOf([row("priced since", null), row("unknown now", 7n), row("up", 1n)]);
  expect(chooseMovers(now, before, "feature")).toEqual(["up"]);
});
