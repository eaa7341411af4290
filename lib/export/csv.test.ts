import fc from "fast-check";
import { expect, test } from "vitest";
import { type CsvCell, writeCsvLine } from "@/lib/export/csv";
import { parseCsv, unguard } from "@/lib/testing/parse-csv";

const only = (cell: CsvCell): string => {
  const { rows } = parseCsv(`cell\r\n${writeCsvLine([cell])}`);
  return rows[0]?.cell ?? "no such cell";
};

test("any text comes back as it was sent, whatever it holds", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.stringMatching(/^[=+\-@'\t\r\n",;a]{0,6}$/),
  );
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (texts) => {
      const names = texts.map((_, index) => ({ text: `c${index}` }));
      const csv = writeCsvLine(names) + writeCsvLine(texts.map((text) => ({ text })));
      const { rows } = parseCsv(csv);
      expect(Object.values(rows[0] ?? {}).map(unguard)).toEqual(texts);
    }),
    { numRuns: 500 },
  );
});

test("no text begins as a formula does, and no number is touched", () => {
  for (const text of [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|'/C calc'!A0",
  ]) {
    expect(only({ text })).toBe(`'${text}`);
  }
  expect(only({ plain: -1.5 })).toBe("-1.5");
  expect(only({ plain: "-0.000000000000001" })).toBe("-0.000000000000001");
});

test("empty is unknown, and zero is a zero", () => {
  expect([only({ plain: null }), only({ text: null }), only({ text: "" })]).toEqual(["", "", ""]);
  expect([only({ plain: 0 }), only({ plain: "0" }), only({ plain: false })]).toEqual([
    "0",
    "0",
    "false",
  ]);
});

test("a number is written with all its digits and never as a power of ten", () => {
  expect(only({ plain: 1e-300 })).toBe(`0.${"0".repeat(299)}1`);
  expect(only({ plain: -1.25e21 })).toBe("-1250000000000000000000");
  const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(numbers, (number) => {
      const text = only({ plain: number });
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(text) === number).toBe(true);
    }),
    { numRuns: 1000, examples: [[5e-324], [1.7976931348623157e308], [1e21], [1.5e-7]] },
  );
});
