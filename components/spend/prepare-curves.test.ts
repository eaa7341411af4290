import { expect, test } from "vitest";
import { prepareCurves } from "@/components/spend/prepare-curves";
import type { SpendRow } from "@/components/spend/spend-answer";
import { lineKey } from "@/components/spend/spend-line";
import { figuresOf } from "@/components/spend/testing/figures-of";

const buckets = [0, 1, 2].map((day) => ({
  startMs: Date.parse("2026-11-01") + day * 86_400_000,
  endMs: Date.parse("2026-11-02") + day * 86_400_000,
}));
const row = (bucket: string, feature: string | null, calls: number, errors: number) =>
  ({ bucket: `${bucket}T00:00:00Z`, feature, ...figuresOf({ calls, errors }) }) as SpendRow;
const rows = [
  row("2026-11-01", "a", 4, 1),
  row("2026-11-03", "a", 2, 0),
  row("2026-11-02", null, 1, 1),
];

test("a line's curve has a value per bucket: 0 where it has no calls, of a rate none", () => {
  const calls = prepareCurves(buckets, rows, ["feature"], "calls");
  expect(calls.get(lineKey(["a"]))).toEqual([4n, 0n, 2n]);
  expect(calls.get(lineKey([null]))).toEqual([0n, 1n, 0n]);
  const rates = prepareCurves(buckets, rows, ["feature"], "error-rate");
  expect(rates.get(lineKey(["a"]))).toEqual([250_000n, null, 0n]);
});
