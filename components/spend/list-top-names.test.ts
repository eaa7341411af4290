import { expect, test } from "vitest";
import { listTopNames } from "@/components/spend/list-top-names";
import type { SpendRow } from "@/components/spend/spend-answer";

const row = (feature: string | null, cost_usd: string | null, calls: number) =>
  ({ feature, cost_usd, calls }) as unknown as SpendRow;

test("the largest names are chosen by the metric shown, to the last digit", () => {
  const rows = [
    row("a", "0.000000000000001", 5),
    row("b", "0.000000000000002", 1),
    row(null, null, 9),
  ];
  expect(listTopNames(rows, "feature", "cost")).toEqual(["b", "a", null]);
  expect(listTopNames(rows, "feature", "calls")).toEqual([null, "a", "b"]);
});

test("no more names than colours", () => {
  const rows = Array.from({ length: 41 }, (_, index) => row(`f${index}`, "1", 1));
  expect(listTopNames(rows, "feature", "cost")).toHaveLength(6);
});
