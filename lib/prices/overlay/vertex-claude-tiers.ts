import type { OverlayEntry } from "@/lib/prices/overlay-entry";

/** input, output: US dollars for a million tokens in batch prediction. Google's names first, then Anthropic's it falls back to. */
const ROWS: readonly [string, string, string][] = [
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

/** Claude in Vertex AI batch prediction; cached tokens have no batch price we could read. */
export const VERTEX_CLAUDE_TIERS: readonly OverlayEntry[] = ROWS.map(
  ([catalogue, input, output]) => ({
    providers: ["vertex"],
    match: { catalogue },
    tier: "batch",
    prices: { input, output },
    source: "https://cloud.google.com/vertex-ai/generative-ai/pricing; Portkey and LiteLLM maps",
    checkedOn: "2026-11-22",
  }),
);
