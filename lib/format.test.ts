import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatBytes,
  formatCallCost,
  formatCostSum,
  formatCount,
  formatDuration,
  formatExactUsd,
  formatQuantity,
  formatShare,
  formatTokens,
} from "@/lib/format";
import { formatUsd, parseUsd } from "@/lib/money";

test.each([
  ["0.000123", "<$0.01", "$0.000123", "$0.000123"],
  ["0.068415", "$0.07", "$0.0684", "$0.068415"],
  ["4.402973", "$4.40", "$4.40", "$4.402973"],
  ["1234567.891", "$1,234,567.89", "$1,234,567.89", "$1234567.891"],
  ["0", "$0.00", "$0.00", "$0"],
  [null, "—", "—", "no price known"],
])("%s reads as the number table says: sum %s, call %s, exact %s", (cost, sum, call, exact) => {
  expect(formatCostSum(cost)).toBe(sum);
  expect(formatCallCost(cost)).toBe(call);
  expect(formatExactUsd(cost)).toBe(exact);
});

test("half a dollar keeps two decimals, a tiny negative is no -$0.00, a tiny price has no exponent", () => {
  expect(formatCallCost("0.5")).toBe("$0.50");
  expect(formatCostSum("-0.000001")).toBe("-<$0.01");
  expect(formatCostSum("-3.456")).toBe("-$3.46");
  expect(formatCallCost("0.00000035")).toBe("$0.00000035");
  expect(formatExactUsd("0.00000035")).toBe("$0.00000035");
});

test("half a cent is a cent and just below it is less than one", () => {
  expect(formatCostSum("0.005")).toBe("$0.01");
  expect(formatCostSum("0.004999999999999")).toBe("<$0.01");
});

test("one call that rounds up to a dollar reads as a dollar", () => {
  expect(formatCallCost("0.9999")).toBe("$1.00");
  expect(formatCallCost("0.000000000000001")).toBe("$0.000000000000001");
});

test("a thousand is 1.0K and a thousand millions is 1.0B, never 1000.0 of the lower unit", () => {
  expect(formatTokens(999)).toBe("999");
  expect(formatTokens(999_950)).toBe("1.0M");
  expect(formatTokens(1_234_567)).toBe("1.2M");
  expect(formatTokens(1e9)).toBe("1.0B");
  expect(formatCount(1_234_567)).toBe("1,234,567");
  expect(formatQuantity(1, "call")).toBe("1 call");
  expect(formatQuantity(2040, "call")).toBe("2,040 calls");
});

test("a share of nothing is unknown and a trace of something is not 0 %", () => {
  expect(formatShare(1n, 0n)).toBeNull();
  expect(formatShare(0n, 5n)).toBe("0.0 %");
  expect(formatShare(1n, 1_000_000n)).toBe("<0.1 %");
  expect(formatShare(1n, 3n)).toBe("33.3 %");
  expect(formatShare(999_999n, 1_000_000n)).toBe(">99.9 %");
  expect(formatShare(3n, 3n)).toBe("100.0 %");
});

test("a duration reads in the unit a person would say", () => {
  expect(formatDuration(null)).toBe("—");
  expect(formatDuration(843.2)).toBe("843 ms");
  expect(formatDuration(999.6)).toBe("1.00 s");
  expect(formatDuration(12_340)).toBe("12.3 s");
  expect(formatDuration(59_990)).toBe("1 min 0 s");
  expect(formatDuration(125_000)).toBe("2 min 5 s");
  expect(formatDuration(3_599_400)).toBe("59 min 59 s");
  expect(formatDuration(3_600_000)).toBe("1 h 0 min");
  expect(formatDuration(72_660_000)).toBe("20 h 11 min");
  expect(formatDuration(86_399_000)).toBe("1 d 0 h");
  expect(formatDuration(273_600_000)).toBe("3 d 4 h");
});

test("a size reads in the unit a person would say", () => {
  expect([0, 1023, 1024, 1536, 10 * 1024 ** 3].map(formatBytes)).toEqual([
    "0 B",
    "1023 B",
    "1.0 KiB",
    "1.5 KiB",
    "10.0 GiB",
  ]);
});

test("a cost that is no decimal is refused, never drawn", () => {
  expect(() => formatCostSum("1e3")).toThrow(RangeError);
});

test("a non-zero cost never reads as free, and a sum is within half a cent of the exact value", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 24n }), (femtoUsd) => {
      const text = formatCostSum(formatUsd(femtoUsd));
      expect(text).not.toBe("$0.00");
      expect(formatCallCost(formatUsd(femtoUsd))).not.toBe("$0.00");
      if (text === "<$0.01") return;
      const shown = parseUsd(text.replace(/[$,]/g, "")) ?? 0n;
      const off = shown > femtoUsd ? shown - femtoUsd : femtoUsd - shown;
      expect(off <= 5n * 10n ** 12n).toBe(true);
    }),
  );
});

test("counts and tokens read as Intl writes them, which is not asked", () => {
  const count = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat("en-US", {
    notation: "compact",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      // A nothing below zero is no count.
      expect(formatCount(value === 0 ? 0 : value)).toBe(count.format(value === 0 ? 0 : value));
    }),
  );
  const sizes = fc
    .integer({ min: 3, max: 13 })
    .chain((digits) => fc.integer({ min: 10 ** digits, max: 10 ** (digits + 1) - 1 }));
  fc.assert(
    fc.property(sizes, (tokens) => {
      expect(formatTokens(tokens)).toBe(compact.format(tokens));
    }),
  );
  for (const tokens of [1_049, 1_050, 999_949, 999_950, 999_949_999, 999_950_000]) {
    expect(formatTokens(tokens)).toBe(compact.format(tokens));
  }
});
