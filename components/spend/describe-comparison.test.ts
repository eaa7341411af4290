import { expect, test } from "vitest";
import { describeComparison } from "@/components/spend/describe-comparison";

const comparison = {
  range: { fromMs: Date.parse("2026-10-04"), toMs: Date.parse("2026-10-26") },
  isSoFar: false,
  toThen: (instantMs: number) => instantMs,
};
const DATES = "against Oct 4 – 25, 2026";

test("a comparison says its dates, and where the events begin only later", () => {
  expect(describeComparison(comparison, "2026-01-01T00:00:00Z", "UTC")).toBe(DATES);
  expect(describeComparison(comparison, null, "UTC")).toBe(DATES);
  expect(describeComparison(comparison, "2026-10-24T07:00:00Z", "UTC")).toBe(
    `${DATES}; events only from 2026-10-24 on`,
  );
  expect(describeComparison(comparison, "2026-11-01T00:00:00Z", "UTC")).toBe(
    `${DATES}; nothing was received before 2026-11-01`,
  );
  expect(describeComparison(null, null, "UTC")).toBe("nothing of this range can be compared yet");
});
