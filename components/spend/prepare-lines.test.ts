import fc from "fast-check";
import { expect, test } from "vitest";
import { prepareLines } from "@/components/spend/prepare-lines";
import type { SpendAnswer, SpendFigures } from "@/components/spend/spend-answer";
import { formatUsd } from "@/lib/money";

const figures = (costFemtoUsd: bigint | null): SpendFigures => ({
  cost_usd: costFemtoUsd === null ? null : formatUsd(costFemtoUsd),
  calls: 1,
  input_tokens: null,
  cache_read_tokens: null,
  cache_write_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  errors: 0,
  unpriced_calls: 0,
  partial_calls: 0,
  p50_duration_ms: null,
  p95_duration_ms: null,
  p50_ttft_ms: null,
  p95_ttft_ms: null,
});

function answerOf(costs: (bigint | null)[], rest: bigint): SpendAnswer {
  const known = costs.reduce<bigint>((sum, cost) => sum + (cost ?? 0n), rest);
  const rows = costs.map((cost, index) => ({
    bucket: "2026-11-01T00:00:00Z",
    feature: index === 0 ? null : `f${index}`,
    ...figures(cost),
  }));
  return { total: figures(known), rows, rest: figures(rest) } as unknown as SpendAnswer;
}

test("lines and rest add up to the total, to the last digit, whatever the groups", () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 24n });
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 50 }), amount, (costs, rest) => {
      const answer = answerOf(costs, rest);
      const question = { group: "feature", metric: "cost" as const };
      const lines = prepareLines(answer, question, [], () => null);
      const sum = lines.reduce((total, line) => total + (line.value ?? 0n), rest);
      expect(formatUsd(sum)).toBe(answer.total.cost_usd);
      for (const line of lines) expect(line.shareWidth).toBeLessThanOrEqual(1);
    }),
  );
});

test("an unpriced group has no share, untagged is a line like any other, and only drawn names have a colour", () => {
  const lines = prepareLines(
    answerOf([300n, null, 100n], 0n),
    { group: "feature", metric: "cost" },
    [null],
    () => 4,
  );
  expect(lines.map(({ name, share, layer, slot }) => ({ name, share, layer, slot }))).toEqual([
    { name: null, share: "75.0 %", layer: 0, slot: 4 },
    { name: "f1", share: null, layer: null, slot: null },
    { name: "f2", share: "25.0 %", layer: null, slot: null },
  ]);
});
