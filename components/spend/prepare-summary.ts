import type { StackModel } from "@/components/charts/prepare-stack";
import { formatQuantity, formatShare } from "@/lib/format";

interface SummaryInput {
  model: StackModel;
  /** The dates in words: `Nov 1 – 22, 2026`. */
  dates: string;
  /** What a bucket is called: `day`. */
  interval: string;
  /** Name and figure of the largest group; null where there is none. */
  largest: { label: string; value: bigint } | null;
  total: bigint | null;
  /** A rate's total is no sum: it is that of all together. */
  isRate?: boolean;
  formatValue: (value: bigint | null) => string;
  spanOf: (index: number) => string;
}

/** The chart in one sentence, for people who cannot or need not look at it. */
export function prepareSummary({
  model,
  dates,
  interval,
  largest,
  total,
  isRate = false,
  formatValue,
  spanOf,
}: SummaryInput): string {
  const parts = [
    total === null
      ? `No total is known, ${dates}`
      : `${formatValue(total)} ${isRate ? "over all" : "in total"}, ${dates}`,
  ];
  if (largest) {
    const share = total === null ? null : formatShare(largest.value, total);
    parts.push(
      `most to ${largest.label} (${formatValue(largest.value)}${share ? `, ${share}` : ""})`,
    );
  }
  const peak = findPeak(model);
  if (peak !== null && model.slices.length > 1) {
    const { total: value, state } = model.slices[peak] ?? { total: null, state: "complete" };
    const soFar = state === "running" ? " so far" : "";
    parts.push(`highest ${spanOf(peak)} with ${formatValue(value)}${soFar}`);
  }
  const missing = model.slices.filter((slice) => slice.state === "missing").length;
  const note =
    missing > 0
      ? ` No data was received in ${missing} of ${formatQuantity(model.slices.length, interval)}.`
      : "";
  return `${parts.join("; ")}.${note}`;
}

function findPeak({ slices }: StackModel): number | null {
  let peak: number | null = null;
  for (const [index, { total }] of slices.entries()) {
    const best = peak === null ? 0n : (slices[peak]?.total ?? 0n);
    if (total !== null && total > best) peak = index;
  }
  return peak;
}
