import fc from "fast-check";
import { expect, test } from "vitest";
import { prepareAxis } from "@/components/charts/prepare-axis";
import { parseUsd } from "@/lib/money";

const labelsOf = (usd: string) =>
  prepareAxis(parseUsd(usd) ?? 0n, "usd").ticks.map((tick) => tick.label);

test.each([
  ["0.00011", ["$0", "$0.00005", "$0.00010", "$0.00015"]],
  ["0.27", ["$0", "$0.1", "$0.2", "$0.3"]],
  ["4.4", ["$0", "$2", "$4", "$6"]],
  ["1234567", ["$0", "$0.5M", "$1.0M", "$1.5M"]],
  ["3500", ["$0", "$1K", "$2K", "$3K", "$4K"]],
])("an axis up to %s reads in one unit", (usd, labels) => {
  expect(labelsOf(usd)).toEqual(labels);
});

test("counts have no fractions, and an axis of nothing still has a top", () => {
  expect(prepareAxis(3n, "count").ticks.map((tick) => tick.label)).toEqual(["0", "1", "2", "3"]);
  expect(prepareAxis(0n, "count").max).toBeGreaterThan(0n);
  expect(prepareAxis(0n, "usd").max).toBeGreaterThan(0n);
});

test("rates are labelled in percent and latencies in one unit of time", () => {
  const labels = (max: bigint, unit: "share" | "duration") =>
    prepareAxis(max, unit).ticks.map((tick) => tick.label);
  expect(labels(34_000n, "share")).toEqual(["0", "1 %", "2 %", "3 %", "4 %"]);
  expect(labels(1_500n, "share")).toEqual(["0", "0.05 %", "0.10 %", "0.15 %"]);
  expect(labels(730_000n, "duration")).toEqual(["0", "200 ms", "400 ms", "600 ms", "800 ms"]);
  expect(labels(3_400_000n, "duration")).toEqual(["0", "1 s", "2 s", "3 s", "4 s"]);
});

test("the top tick is never below the data and there are few ticks", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 26n }),
      fc.constantFrom("usd", "count", "share", "duration"),
      (max, unit) => {
        const axis = prepareAxis(max, unit);
        expect(axis.max >= max).toBe(true);
        expect(axis.ticks.length).toBeLessThanOrEqual(6);
        expect(new Set(axis.ticks.map((tick) => tick.label)).size).toBe(axis.ticks.length);
      },
    ),
  );
});
