import fc from "fast-check";
import { expect, test } from "vitest";
import { suggestLimit } from "@/lib/budgets/suggest-limit";
import { formatUsd, parseUsd } from "@/lib/money";

const DAY_MS = 86_400_000;

test("a month at the rate of a range and a fifth on top, rounded up to two digits", () => {
  expect(suggestLimit("100", 30 * DAY_MS)).toBe("120");
  expect(suggestLimit("100", 3 * DAY_MS)).toBe("1200");
  expect(suggestLimit("1234.56", 30 * DAY_MS)).toBe("1500");
  expect(suggestLimit("0.000001", 30 * DAY_MS)).toBe("0.01");
});

test("of nothing, of an unknown cost and of no time there is no limit", () => {
  expect(suggestLimit("0", DAY_MS)).toBeNull();
  expect(suggestLimit(null, DAY_MS)).toBeNull();
  expect(suggestLimit("1", 0)).toBeNull();
});

test("no suggestion is below what a month at that rate costs", () => {
  const spent = fc.bigInt(1n, 10n ** 24n);
  fc.assert(
    fc.property(spent, fc.integer({ min: 1, max: 30 }), (femtoUsd, days) => {
      const limit = parseUsd(suggestLimit(formatUsd(femtoUsd), days * DAY_MS) ?? "") ?? 0n;
      expect(limit * BigInt(days) >= femtoUsd * 30n).toBe(true);
    }),
  );
});
