import type { StackModel } from "@/components/charts/prepare-stack";

/** Points are drawn on a line of so few buckets: of one bucket there is no line. */
export const MAX_DOTTED = 8;

/** A value between two buckets without one is a point that no line shows. */
export function standsAlone({ slices }: StackModel, layer: number): boolean {
  const has = (index: number) => (slices[index]?.values[layer] ?? null) !== null;
  return (
    slices.length <= MAX_DOTTED ||
    slices.some((_, index) => has(index) && !has(index - 1) && !has(index + 1))
  );
}
