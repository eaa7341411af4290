import type { useScope } from "@/components/filters/use-scope";
import { RANGE_PRESETS, shorterPreset } from "@/lib/time-range";

/** The shorter range that a question takes less time for, and the way to it; null where there is none. */
export function offerShorter({
  scope,
  setRange,
}: Pick<ReturnType<typeof useScope>, "scope" | "setRange">) {
  const shorter = shorterPreset(scope.range);
  if (shorter === null) return null;
  return {
    label: RANGE_PRESETS.find(({ id }) => id === shorter)?.label ?? shorter,
    choose: () => setRange({ range: shorter, from: null, to: null }),
  };
}
