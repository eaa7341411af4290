import { expect, test } from "vitest";
import { costReasonText, costStatusWords } from "@/components/calls/cost-status";
import { COST_STATUSES } from "@/lib/prices/price";

test("every cost status has words of its own", () => {
  const labels = COST_STATUSES.map((status) => costStatusWords(status).label);
  expect(new Set(labels).size).toBe(COST_STATUSES.length);
});

test("a reason is a sentence, and keeps what it is about", () => {
  expect(costReasonText("no_usage")).toBe("The call came without usage.");
  expect(costReasonText("no_price_for:output_audio")).toBe("No price for: output audio.");
  expect(costReasonText("no_price_for:output_audio,images")).toBe(
    "No price for: output audio, images.",
  );
  expect(costReasonText("part_over_whole:cache_read_tokens")).toBe(
    "More cache read tokens than there can be: a part is larger than its whole.",
  );
});
