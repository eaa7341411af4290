import { INPUT_PARTS, OUTPUT_PARTS, type Usage } from "@/lib/usage/usage";

/** Input parts that share no token with each other. Audio may be cached, so it is not among them. */
const DISJOINT_INPUT_PARTS = [
  "cache_read_tokens",
  "cache_write_5m_tokens",
  "cache_write_1h_tokens",
] as const;

/**
 * Finds a contradiction in well-typed counts.
 * @returns `part_over_whole:<field>`, or null where the usage can be true. A part whose whole was not
 * reported is a contradiction too: what it is a part of is unknown, and so is the cost.
 */
export function checkUsage(usage: Usage): string | null {
  const input = usage.input_tokens ?? 0;
  for (const part of INPUT_PARTS) {
    if ((usage[part] ?? 0) > input) return `part_over_whole:${part}`;
  }
  for (const part of OUTPUT_PARTS) {
    if ((usage[part] ?? 0) > (usage.output_tokens ?? 0)) return `part_over_whole:${part}`;
  }
  const disjoint = DISJOINT_INPUT_PARTS.reduce((sum, part) => sum + (usage[part] ?? 0), 0);
  if (disjoint > input) return "part_over_whole:input_tokens";
  const cachedAudio = usage.cache_read_audio_tokens ?? 0;
  if (cachedAudio > Math.min(usage.cache_read_tokens ?? 0, usage.input_audio_tokens ?? 0)) {
    return "part_over_whole:cache_read_audio_tokens";
  }
  return null;
}
