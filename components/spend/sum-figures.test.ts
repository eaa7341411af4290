import fc from "fast-check";
import { expect, test } from "vitest";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { sumFigures } from "@/components/spend/sum-figures";
import { figuresOf } from "@/components/spend/testing/figures-of";
import { formatUsd } from "@/lib/money";

const figures = (costUsd: string | null, tokens: number | null): SpendFigures =>
  figuresOf({
    cost_usd: costUsd,
    input_tokens: tokens,
    output_tokens: tokens,
    errors: 1,
    unpriced_calls: costUsd === null ? 1 : 0,
    p50_duration_ms: 5,
    p95_duration_ms: 9,
  });

test("rows in one add up to the last digit", () => {
  const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 24n }), { minLength: 1 });
  fc.assert(
    fc.property(amounts, (costs) => {
      const sum = sumFigures(costs.map((cost) => figures(formatUsd(cost), 1)));
      expect(sum.cost_usd).toBe(formatUsd(costs.reduce((one, two) => one + two, 0n)));
      expect(sum).toMatchObject({ calls: costs.length, input_tokens: costs.length });
    }),
  );
});

test("unknown costs and tokens stay unknown, and percentiles are never made up", () => {
  const unknown = sumFigures([figures(null, null), figures(null, null)]);
  expect(unknown).toMatchObject({ cost_usd: null, input_tokens: null, unpriced_calls: 2 });
  const half = sumFigures([figures(null, null), figures("0.1", 7)]);
  expect(half).toMatchObject({ cost_usd: "0.1", input_tokens: 7, p95_duration_ms: null });
});

test("retries add up; where one row does not know its own, nobody knows the whole", () => {
  const some = figuresOf({ retries: 2, retry_cost_usd: "0.1", unpriced_retries: 1 });
  const other = figuresOf({ retries: 1, retry_cost_usd: "0.000000000000001" });
  const sum = { retries: 3, retry_cost_usd: "0.100000000000001", unpriced_retries: 1 };
  expect(sumFigures([some, other])).toMatchObject(sum);
  const unknown = figuresOf({ retries: null, retry_cost_usd: null, unpriced_retries: null });
  expect(sumFigures([some, unknown])).toMatchObject({
    retries: null,
    retry_cost_usd: null,
    unpriced_retries: null,
  });
});
