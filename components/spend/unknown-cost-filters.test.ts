import { expect, test } from "vitest";
import { filterUnknownCosts } from "@/components/spend/unknown-cost-filters";

test("the calls behind the unpriced figure are all of unknown cost, contradictory usage included", () => {
  const before = [
    { dimension: "agent", value: "a" },
    { dimension: "cost_status", value: "priced" },
  ];
  expect(filterUnknownCosts(before)).toEqual([
    { dimension: "agent", value: "a" },
    { dimension: "cost_status", value: "unpriced" },
    { dimension: "cost_status", value: "invalid_usage" },
  ]);
});
