import type { CountReader } from "@/lib/usage/count-reader";
import type { Usage } from "@/lib/usage/usage";

/** What a provider's usage object says: the counts, and the tier and place that change their price. */
export interface ProviderUsage {
  usage: Usage;
  /** As the provider spells it ("default", "priority", "batch", "fast"). */
  serviceTier?: string;
  inferenceGeo?: string;
}

/** Turns one API's usage object into ours. */
export type UsageShape = (body: CountReader) => ProviderUsage;

type CountField = Exclude<keyof Usage, "gpu_seconds" | "units">;

/** The whole fields are kept at 0 (a known nothing); a part of 0 tokens says no more than its absence. */
const WHOLES: ReadonlySet<CountField> = new Set(["input_tokens", "output_tokens"]);

/** Builds a usage of the counts that were reported. */
export function usageOf(counts: Partial<Record<CountField, number | undefined>>): Usage {
  const usage: Usage = {};
  for (const [name, count] of Object.entries(counts)) {
    const field = name as CountField;
    if (count !== undefined && (count > 0 || WHOLES.has(field))) usage[field] = count;
  }
  return usage;
}

/** Adds the counts that were reported; undefined where none was. */
export function sumReported(...counts: (number | undefined)[]): number | undefined {
  const reported = counts.filter((count) => count !== undefined);
  return reported.length ? reported.reduce((sum, count) => sum + count, 0) : undefined;
}
