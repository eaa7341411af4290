import fc from "fast-check";
import { expect, test } from "vitest";
import { toBucket, toDateTimeText, toVersion } from "@/db/clickhouse/llm-call-row";

const us = fc.integer({ min: 1_577_836_800_000_000, max: 2_200_000_000_000_000 });

test("the earlier arrival wins, and a higher revision beats any arrival", () => {
  fc.assert(
    fc.property(us, us, fc.integer({ min: 0, max: 8190 }), (a, b, revision) => {
      fc.pre(a < b);
      expect(BigInt(toVersion(revision, a))).toBeGreaterThan(BigInt(toVersion(revision, b)));
      expect(BigInt(toVersion(revision + 1, b))).toBeGreaterThan(BigInt(toVersion(revision, a)));
    }),
  );
});

test("a version that would wrap is refused", () => {
  expect(() => toVersion(8192, 0)).toThrow(RangeError);
  expect(() => toVersion(0, 2 ** 51)).toThrow(RangeError);
  expect(() => toVersion(-1, 0)).toThrow(RangeError);
});

test("an instant is written to the microsecond and lies in its bucket", () => {
  expect(toDateTimeText(1_763_719_200_123_456)).toBe("2025-11-21 10:00:00.123456");
  fc.assert(
    fc.property(us, (at) => {
      const text = toDateTimeText(at);
      const micros = Date.parse(`${text.slice(0, 10)}T${text.slice(11, 23)}Z`) * 1000;
      expect(micros + Number(text.slice(23))).toBe(at);
      expect(toBucket(at) % 900).toBe(0);
      expect(at / 1e6 - toBucket(at)).toBeGreaterThanOrEqual(0);
      expect(at / 1e6 - toBucket(at)).toBeLessThan(900);
    }),
  );
});
