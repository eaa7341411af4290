import fc from "fast-check";
import { expect, test } from "vitest";
import { divideHalfEven, FEMTO_PER_USD, formatUsd, parseUsd } from "@/lib/money";

const femto = fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n });

test("a sum of money survives its way out and back to the last digit", () => {
  fc.assert(fc.property(femto, (value) => parseUsd(formatUsd(value)) === value));
});

test("a written sum never has an exponent, a trailing zero or a bare point", () => {
  fc.assert(
    fc.property(femto, (value) => {
      expect(formatUsd(value)).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
    }),
  );
});

test.each(["", ".5", "5.", "1e3", "+1", " 1", "1,000", "0x1", "NaN", "1.0000000000000001"])(
  "%o is not read as money",
  (text) => {
    expect(parseUsd(text)).toBeNull();
  },
);

test("the smallest price there is keeps its value", () => {
  expect(parseUsd("0.000000000000001")).toBe(1n);
  expect(formatUsd(2_500_000n)).toBe("0.0000000025");
  expect(formatUsd(28n * FEMTO_PER_USD)).toBe("28");
});

test("a division rounds to the nearest, and a half to the even neighbour", () => {
  expect(divideHalfEven(5n, 2n)).toBe(2n);
  expect(divideHalfEven(7n, 2n)).toBe(4n);
  expect(divideHalfEven(-5n, 2n)).toBe(-2n);
  expect(divideHalfEven(-7n, 2n)).toBe(-4n);
  fc.assert(
    fc.property(femto, fc.bigInt({ min: 1n, max: 10n ** 12n }), (dividend, divisor) => {
      const error = divideHalfEven(dividend, divisor) * divisor - dividend;
      expect((error < 0n ? -error : error) * 2n <= divisor).toBe(true);
    }),
  );
});

test("a division by zero is an error, never a 0", () => {
  expect(() => divideHalfEven(1n, 0n)).toThrow(RangeError);
});
