import fc from "fast-check";
import { expect, test } from "vitest";
import { compareFigures, describeChange, formatChangeShare } from "@/lib/change";
import { formatCostSum } from "@/lib/format";
import { FEMTO_PER_USD, formatUsd } from "@/lib/money";

const usd = (amount: bigint) => formatCostSum(formatUsd(amount));
const say = (now: number | null, before: number | null, there = {}) => {
  const toFemto = (dollars: number | null) =>
    dollars === null ? null : (BigInt(Math.round(dollars * 100)) * FEMTO_PER_USD) / 100n;
  return describeChange(compareFigures(toFemto(now), toFemto(before), there), usd);
};

test("a change is said in words, in percent and in its unit", () => {
  expect(say(31.73, 28.33)).toBe("up 12 %, +$3.40");
  expect(say(9.9, 10)).toBe("down 1.0 %, −$0.10");
  expect(say(130, 10)).toBe("up 1,200 %, +$120.00");
  expect(say(5, 5)).toBe("no change");
});

test("what is new or gone is named so, and has no percentage", () => {
  expect(say(3.4, null, { wasThere: false })).toBe("new, +$3.40");
  expect(say(0, 3.4, { isThere: false })).toBe("gone, −$3.40");
  expect(say(3.4, 0)).toBe("up, +$3.40");
});

test("an unknown figure has no change", () => {
  expect(say(null, 5)).toBe("—");
  expect(say(5, null)).toBe("—");
});

test("the difference is exact, and no change of something reads as 0 %", () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 24n });
  fc.assert(
    fc.property(amount, amount, (now, before) => {
      expect(compareFigures(now, before)?.difference).toBe(now - before);
      if (now === before || before === 0n) return;
      expect(formatChangeShare(now - before, before)).not.toMatch(/^0(\.0)? %/);
    }),
  );
});
