/**
 * What a price is for. Token classes are disjoint: one token is billed in exactly one of them.
 * Other classes are names of `usage.units`.
 */
export const TOKEN_CLASSES = [
  "input",
  "cache_read",
  "cache_read_audio",
  "cache_write_5m",
  "cache_write_1h",
  "input_audio",
  "output",
  "output_audio",
  "reasoning",
  "output_image_tokens",
] as const;

/** A class of `TOKEN_CLASSES`, `web_searches`, `gpu_seconds`, or a name of `usage.units`. */
export type PriceClass = string;

const UNIT_COUNT_BY_CLASS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(TOKEN_CLASSES.map((name) => [name, 1_000_000])),
  web_searches: 1_000,
  citation_tokens: 1_000_000,
  requests: 1_000,
  gpu_seconds: 3_600,
  seconds: 3_600,
};

const TOKEN_CLASS_SET: ReadonlySet<string> = new Set(TOKEN_CLASSES);

/** How many units a price buys: a million tokens, a thousand searches, an hour of seconds, else one. */
export function unitCountOf(priceClass: PriceClass): number {
  return UNIT_COUNT_BY_CLASS[priceClass] ?? 1;
}

/** True for what a service tier or a place makes cheaper or dearer; tools cost the same everywhere. */
export function isTokenClass(priceClass: PriceClass): boolean {
  return TOKEN_CLASS_SET.has(priceClass);
}
