import fc from "fast-check";
import { expect, test } from "vitest";
import { GrowingSums, groupKey } from "@/lib/metrics/growing-sums";
import { type GroupSums, type LedgerGroup, MAX_LABELS } from "@/lib/metrics/metric-families";

const sumsOf = (cost: bigint): GroupSums => ({
  cost_usd: cost,
  calls: 0n,
  errors: 0n,
  retries: 0n,
  unpriced_calls: 0n,
  input_tokens: 0n,
  output_tokens: 0n,
  cache_read_tokens: 0n,
});
const group = (value: string, cost: bigint): LedgerGroup => ({
  project: "p",
  values: [value],
  sums: sumsOf(cost),
});
const totalOf = (sums: GrowingSums) =>
  sums.list().reduce((all, series) => all + series.sums.cost_usd, 0n);

test("whatever is corrected and whoever is on top, no counter falls, and all of them grow by what the ledger grew by", () => {
  const names = Array.from({ length: MAX_LABELS + 20 }, (_, n) => `g${n}`);
  const scrape = fc.record({
    costs: fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { minLength: 70, maxLength: 70 }),
    recent: fc.array(fc.nat(9), { minLength: 70, maxLength: 70 }),
  });
  fc.assert(
    fc.property(fc.array(scrape, { minLength: 1, maxLength: 6 }), (scrapes) => {
      const sums = new GrowingSums();
      const highest = names.map(() => 0n);
      let before = new Map<string, bigint>();
      let base = 0n;
      for (const [turn, { costs, recent }] of scrapes.entries()) {
        const groups = names.map((name, n) => group(name, costs[n] ?? 0n));
        const calls = new Map(groups.map((one, n) => [groupKey(one), recent[n] ?? 0]));
        sums.take(groups, calls);
        names.forEach((_, n) => {
          const cost = costs[n] ?? 0n;
          if (cost > (highest[n] ?? 0n)) highest[n] = cost;
        });
        const all = highest.reduce((sum, one) => sum + one, 0n);
        if (turn === 0) base = all;
        expect(totalOf(sums)).toBe(all - base);
        const now = new Map(sums.list().map((one) => [one.values.join(), one.sums.cost_usd]));
        for (const [name, value] of before) expect(now.get(name)).toBeGreaterThanOrEqual(value);
        expect(now.size).toBeLessThanOrEqual(MAX_LABELS * 4 + 1);
        before = now;
      }
    }),
    { numRuns: 12 },
  );
});

test("what was taken back is made up before a counter rises, and a new group counts from its first call on", () => {
  const sums = new GrowingSums();
  for (const cost of [100n, 90n, 95n]) sums.take([group("a", cost)], new Map());
  expect(totalOf(sums)).toBe(0n);
  sums.take([group("a", 103n), group("b", 7n)], new Map());
  expect(sums.list().map(({ values, sums: { cost_usd } }) => [values[0], cost_usd])).toEqual([
    ["a", 3n],
    ["b", 7n],
  ]);
});
