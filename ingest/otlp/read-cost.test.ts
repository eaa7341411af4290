import fc from "fast-check";
import { expect, test } from "vitest";
import { readSpan } from "@/ingest/otlp/read-span";
import { makeSpan } from "@/ingest/otlp/testing/make-span";
import { toDollars } from "@/ingest/otlp/to-dollars";
import { divideHalfEven, formatDecimal } from "@/lib/money";

const PLACE = "gen_ai.usage.cost";
const CALL = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o" };
const readCall = (cost: Record<string, string | number | boolean>) =>
  readSpan(makeSpan({ attributes: { ...CALL, ...cost } }), []).facts;
const costOf = (cost: string | number) => readCall({ [PLACE]: cost }).reportedCostUsd;

test("a cost that is sent as text is taken digit by digit, whatever a float would make of it", () => {
  expect(costOf("123456.000000000000001")).toBe("123456.000000000000001");
  expect(costOf("9007.199254740993123")).toBe("9007.199254740993123");
  expect(costOf(" 0.100000000000000 ")).toBe("0.1");
  expect([costOf("4.5e-05"), costOf("1E-15"), costOf("12e2")]).toEqual([
    "0.000045",
    "0.000000000000001",
    "1200",
  ]);
});

test("text of any length comes to the nearest 1e-15 dollars, halves to the even one", () => {
  expect(costOf("0.0000000000000025")).toBe("0.000000000000002");
  expect(costOf("0.0000000000000035")).toBe("0.000000000000004");
  expect(costOf("0.00000000000000250000000001")).toBe("0.000000000000003");
  const digits = fc.bigInt({ min: 0n, max: 10n ** 28n });
  fc.assert(
    fc.property(digits, fc.nat(24), (value, places) => {
      const text = formatDecimal(value, places);
      const wanted = divideHalfEven(value * 10n ** 15n, 10n ** BigInt(places));
      expect(toDollars(text)).toBe(wanted < 10n ** 24n ? wanted : null);
    }),
  );
});

test("a cost that is sent as a number is its shortest decimal", () => {
  expect([costOf(0.1), costOf(1e-7), costOf(0.005261999999999999), costOf(3)]).toEqual([
    "0.1",
    "0.0000001",
    "0.005262",
    "3",
  ]);
});

test.each([-0.5, "-0.5", "NaN", "Infinity", 1e308, "1e308", "1e999", "$0.12", "0,12", true])(
  "a cost of %s is none, and is told under Integrity; the call keeps all else",
  (cost) => {
    const usage = { "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 1 };
    const facts = readCall({ ...usage, [PLACE]: cost });
    expect([facts.reportedCostUsd, facts.faults]).toEqual([null, [PLACE]]);
    expect(facts.usage).toEqual({ input_tokens: 7, output_tokens: 1 });
  },
);

test("megabytes of digits are no cost, and take no time", () => {
  const facts = readCall({ [PLACE]: `0.${"7".repeat(1_000_000)}` });
  expect([facts.reportedCostUsd, facts.faults]).toEqual([null, [PLACE]]);
});

test("0 and nothing are no cost and no fault, and a place that has one is found behind them", () => {
  for (const none of [0, "0.00", "", " ", "None", "null"]) {
    expect(readCall({ [PLACE]: none })).toMatchObject({ reportedCostUsd: null, faults: [] });
    const found = readCall({ [PLACE]: none, "operation.cost": "0.25" });
    expect(found.reportedCostUsd).toBe("0.25");
  }
});
