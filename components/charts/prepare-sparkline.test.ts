import { expect, test } from "vitest";
import { prepareSparkline } from "@/components/charts/prepare-sparkline";

test("a curve reaches from its zero to its highest value, and breaks at a gap", () => {
  expect(prepareSparkline([0n, 50n, null, 100n], 60, 20)).toEqual([
    "M0 20L20 10L20 10",
    "M60 0L60 0",
  ]);
});

test("a curve of nothing lies on the ground, and none has no path", () => {
  expect(prepareSparkline([0n, 0n], 10, 20)).toEqual(["M0 20L10 20L10 20"]);
  expect(prepareSparkline([null, null], 10, 20)).toEqual([]);
  expect(prepareSparkline([], 10, 20)).toEqual([]);
});
