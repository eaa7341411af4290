import fc from "fast-check";
import { expect, test } from "vitest";
import { prepareBuckets } from "@/components/charts/prepare-buckets";
import { prepareBefore } from "@/components/spend/prepare-before";
import type { SpendRow } from "@/components/spend/spend-answer";
import { figuresOf } from "@/components/spend/testing/figures-of";
import { listBucketStarts } from "@/lib/calendar/list-bucket-starts";
import { COMPARISON_IDS, resolveComparison } from "@/lib/comparison-range";
import { formatUsd } from "@/lib/money";
import { INTERVALS, RANGE_PRESETS, resolveRange } from "@/lib/time-range";

const ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"];

test("the dashed line adds up to the comparison's total to the last digit, whatever the bins", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.constantFrom(...RANGE_PRESETS),
      fc.constantFrom(...COMPARISON_IDS),
      fc.boolean(),
      fc.constantFrom(...INTERVALS),
      fc.integer({ min: Date.parse("2025-01-01"), max: Date.parse("2027-01-01") }),
      (zone, { id }, kind, mustMatchWeekday, interval, nowMs) => {
        if (id === "year" && interval === "hour") return;
        const range = resolveRange({ range: id, from: null, to: null }, nowMs, zone);
        const comparison = resolveComparison(range, { kind, mustMatchWeekday }, nowMs, zone);
        if (comparison === null) return;
        const asked = interval === "hour" ? "hour" : "day";
        const starts = listBucketStarts(comparison.range, asked, zone, 3_000);
        const rows = starts.map((startMs, index) => ({
          bucket: new Date(startMs).toISOString(),
          ...figuresOf({ cost_usd: formatUsd(BigInt(index + 1) ** 3n) }),
        })) as SpendRow[];
        const buckets = prepareBuckets(range, interval, zone, nowMs);
        const placed = prepareBefore(buckets, comparison, rows, "cost");
        const drawn = [...placed.values()].reduce<bigint>((sum, value) => sum + (value ?? 0n), 0n);
        const total = starts.reduce((sum, _, index) => sum + BigInt(index + 1) ** 3n, 0n);
        expect(drawn).toBe(total);
      },
    ),
    { numRuns: 60 },
  );
});

test("percentiles of several days are not put together, ratios are made of their sums", () => {
  const range = { fromMs: Date.parse("2026-11-02"), toMs: Date.parse("2026-11-16") };
  const comparison = resolveComparison(
    range,
    { kind: "previous", mustMatchWeekday: false },
    Date.parse("2026-12-01"),
    "UTC",
  );
  if (comparison === null) throw new Error("it is over");
  const row = (day: string, calls: number, errors: number) =>
    ({
      bucket: `${day}T00:00:00Z`,
      ...figuresOf({ calls, errors, p95_duration_ms: 5 }),
    }) as SpendRow;
  const rows = [row("2026-10-19", 1, 1), row("2026-10-20", 3, 0), row("2026-10-26", 2, 1)];
  const buckets = prepareBuckets(range, "week", "UTC", Date.parse("2026-12-01"));
  expect([...prepareBefore(buckets, comparison, rows, "error-rate")]).toEqual([
    [0, 250_000n],
    [1, 500_000n],
  ]);
  expect(prepareBefore(buckets, comparison, rows, "p95").get(0)).toBeNull();
});
