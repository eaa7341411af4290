import type { OverlayEntry } from "@/lib/prices/overlay-entry";

const PAGE = "https://cloud.google.com/vertex-ai/generative-ai/pricing";
const CHECKED_ON = "2026-11-22";
const ABOVE_200K = { over: 200_000, isInclusive: false };
/** The day Anthropic dropped the surcharge on long prompts, on every cloud. */
const LONG_PROMPTS_FLAT = "2026-03-13";

/** input, output: US dollars for a million tokens in batch prediction; cached tokens have no batch price we could read. */
const BATCH: readonly [string, string, string][] = [
  ["claude-4-sonnet", "1.5", "7.5"],
  ["claude-4-opus", "7.5", "37.5"],
  ["claude-sonnet-4-5", "1.5", "7.5"],
  ["claude-haiku-4-5", "0.5", "2.5"],
  ["claude-opus-4-5", "2.5", "12.5"],
  ["claude-opus-4-6", "2.5", "12.5"],
  ["claude-opus-4-7", "2.5", "12.5"],
  ["claude-opus-4-8", "2.5", "12.5"],
  ["claude-opus-5", "2.5", "12.5"],
  ["claude-sonnet-4-6", "1.5", "7.5"],
  ["claude-sonnet-5", "1", "5"],
  ["claude-fable-5", "5", "25"],
];

/** 1-hour writes, which the catalogue lacks for the models that Google lists itself. */
const WRITE_1H: readonly [string, string][] = [
  ["claude-4-sonnet", "6"],
  ["claude-4-opus", "30"],
  ["claude-sonnet-4-5", "6"],
  ["claude-sonnet-4-6", "6"],
  ["claude-opus-4-6", "10"],
  ["claude-opus-4-7", "10"],
  ["claude-opus-4-8", "10"],
  ["claude-opus-5", "10"],
  ["claude-opus-5-5", "8"],
  ["claude-fable-5", "20"],
  ["claude-fable-5-1", "20"],
];

const SONNET_LONG = {
  input: "6",
  cache_read: "0.6",
  cache_write_5m: "7.5",
  cache_write_1h: "12",
  output: "22.5",
};

const OPUS = {
  input: "5",
  cache_read: "0.5",
  cache_write_5m: "6.25",
  cache_write_1h: "10",
  output: "25",
};

/** Claude on Vertex AI: its batches, its 1-hour writes and its long prompts. */
export const VERTEX_CLAUDE: readonly OverlayEntry[] = [
  ...BATCH.map(([catalogue, input, output]) => ({
    ...base(catalogue, `${PAGE}; Portkey and LiteLLM maps`),
    tier: "batch" as const,
    prices: { input, output },
  })),
  ...WRITE_1H.map(([catalogue, usd]) => ({
    ...base(catalogue, `${PAGE}, "1h cache write"`),
    extends: true,
    prices: { cache_write_1h: usd },
  })),
  { ...long("claude-4-sonnet"), from: "2025-08-12", prices: SONNET_LONG },
  { ...long("claude-sonnet-4-5"), prices: SONNET_LONG },
  { ...long("claude-opus-4-6"), to: LONG_PROMPTS_FLAT, prices: { cache_write_1h: "20" } },
  { ...long("claude-opus-4-6"), from: LONG_PROMPTS_FLAT, prices: OPUS },
];

function base(catalogue: string, source: string) {
  return { providers: ["vertex"], match: { catalogue }, source, checkedOn: CHECKED_ON };
}

function long(catalogue: string) {
  return { ...base(catalogue, `${PAGE}; LiteLLM`), context: ABOVE_200K, extends: true };
}
