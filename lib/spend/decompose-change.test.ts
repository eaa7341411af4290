import fc from "fast-check";
import { expect, test } from "vitest";
import { parseUsd } from "@/lib/money";
import { decomposeChange, type ModelSpend, sumParts } from "@/lib/spend/decompose-change";

const usd = (text: string) => parseUsd(text) ?? 0n;
const spend = (key: string, cost: string, calls: number, tokens: number | null): ModelSpend => ({
  key,
  costFemtoUsd: usd(cost),
  calls,
  tokens,
});
const ZERO = { volume: 0n, modelMix: 0n, tokensPerCall: 0n, price: 0n, other: 0n };

test("twice the calls of the same kind is volume alone", () => {
  const parts = decomposeChange([spend("a", "20", 200, 2_000)], [spend("a", "10", 100, 1_000)]);
  expect(parts).toEqual({ ...ZERO, volume: usd("10") });
});

test("longer calls are tokens per call, and a dearer token is price", () => {
  const longer = decomposeChange([spend("a", "15", 100, 1_500)], [spend("a", "10", 100, 1_000)]);
  expect(longer).toEqual({ ...ZERO, tokensPerCall: usd("5") });
  const dearer = decomposeChange([spend("a", "12", 100, 1_000)], [spend("a", "10", 100, 1_000)]);
  expect(dearer).toEqual({ ...ZERO, price: usd("2") });
});

test("the same calls moved to a dearer model are model mix, also where it is new", () => {
  const then = [spend("cheap", "8", 80, 800), spend("dear", "20", 20, 200)];
  const moved = decomposeChange([spend("cheap", "2", 20, 200), spend("dear", "80", 80, 800)], then);
  expect(moved).toEqual({ ...ZERO, modelMix: usd("54") });
  const replaced = decomposeChange([spend("new", "50", 100, 1_000)], then);
  expect(replaced).toEqual({ ...ZERO, modelMix: usd("22") });
});

test("what came or went altogether is volume, and tools without calls are apart", () => {
  expect(decomposeChange([spend("a", "3", 5, 10)], [])).toEqual({ ...ZERO, volume: usd("3") });
  expect(decomposeChange([], [spend("a", "3", 5, 10)])).toEqual({ ...ZERO, volume: usd("-3") });
  const tools = decomposeChange([spend("", "2", 0, null)], [spend("", "0.5", 0, null)]);
  expect(tools).toEqual({ ...ZERO, other: usd("1.5") });
});

test("without reported tokens nothing is said of their number", () => {
  const parts = decomposeChange([spend("a", "12", 100, null)], [spend("a", "10", 100, 1_000)]);
  expect(parts).toEqual({ ...ZERO, price: usd("2") });
});

test("the parts add up to the change to the last digit, whatever the models did", () => {
  const model = fc.record({
    key: fc.constantFrom("a", "b", "c", "d", ""),
    costFemtoUsd: fc.bigInt({ min: 0n, max: 10n ** 24n }),
    calls: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e9 })),
    tokens: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 2 ** 50 })),
  });
  const models = fc.array(model, { maxLength: 12 });
  const total = (all: readonly ModelSpend[]) =>
    all.reduce((sum, { costFemtoUsd }) => sum + costFemtoUsd, 0n);
  fc.assert(
    fc.property(models, models, (now, then) => {
      expect(sumParts(decomposeChange(now, then))).toBe(total(now) - total(then));
    }),
    { numRuns: 1_000 },
  );
});

test("the same figures twice moved nothing", () => {
  const model = fc.record({
    key: fc.string(),
    costFemtoUsd: fc.bigInt({ min: 0n, max: 10n ** 24n }),
    calls: fc.nat(),
    tokens: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(fc.uniqueArray(model, { selector: ({ key }) => key }), (same) => {
      expect(decomposeChange(same, same)).toEqual(ZERO);
    }),
  );
});
