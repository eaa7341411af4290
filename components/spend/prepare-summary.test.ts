import { expect, test } from "vitest";
import { prepareStack } from "@/components/charts/prepare-stack";
import { prepareSummary } from "@/components/spend/prepare-summary";

const model = prepareStack({
  buckets: [0, 10, 20].map((startMs) => ({ startMs, endMs: startMs + 10 })),
  nowMs: 25,
  received: [0, 20],
  totals: new Map([
    [0, 30n],
    [20, 70n],
  ]),
  series: [],
  nameCount: 0,
});
const rest = {
  model,
  dates: "Nov 1 – 3, 2026",
  interval: "day",
  formatValue: (value: bigint | null) => (value === null ? "—" : `$${value}`),
  spanOf: (index: number) => `Nov ${index + 1}`,
};

test("one sentence says the total, the largest name, the highest bucket and what is missing", () => {
  const text = prepareSummary({ ...rest, total: 100n, largest: { label: "search", value: 60n } });
  expect(text).toBe(
    "$100 in total, Nov 1 – 3, 2026; most to search ($60, 60.0 %); highest Nov 3 with $70 so far. No data was received in 1 of 3 days.",
  );
});

test("an unknown total is said in words", () => {
  expect(prepareSummary({ ...rest, total: null, largest: null })).toMatch(/^No total is known/);
});
