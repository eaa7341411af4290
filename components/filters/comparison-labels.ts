import type { ComparisonId } from "@/lib/comparison-range";

/** What each comparison is called. */
export const COMPARISON_LABELS: Record<ComparisonId, string> = {
  previous: "Previous period",
  "last-month": "Same days last month",
  "last-year": "Same period last year",
};
