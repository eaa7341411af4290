import type { OverlayEntry } from "@/lib/prices/overlay-entry";
import type { ServiceTier } from "@/lib/prices/price-record";

const SOURCE =
  "https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/, by LiteLLM's map";

/** model, tier, input, cached input (null: none published), output: US dollars for a million tokens, Global deployments. */
const ROWS: readonly [string, ServiceTier, string, string | null, string][] = [
  ["gpt-4.1", "batch", "1", null, "4"],
  ["gpt-4.1-mini", "batch", "0.2", null, "0.8"],
  ["gpt-4.1-nano", "batch", "0.05", null, "0.2"],
  ["gpt-4.5-preview", "batch", "37.5", null, "75"],
  ["o3-pro", "batch", "10", null, "40"],
  ["gpt-5.1", "priority", "2.5", "0.25", "20"],
  ["gpt-5.1-codex-mini", "priority", "0.45", "0.045", "3.6"],
  ["gpt-5.2", "priority", "3.5", "0.35", "28"],
  ["gpt-5.3", "priority", "3.5", "0.35", "28"],
  ["gpt-5.4", "priority", "5", "0.5", "30"],
];

/** Azure's own batch and priority prices: it is another seller, so OpenAI's tiers say nothing about it. */
export const AZURE_TIERS: readonly OverlayEntry[] = ROWS.map(
  ([model, tier, input, cached, output]) => ({
    providers: ["azure"],
    match: { catalogue: model },
    tier,
    prices: { input, output, ...(cached === null ? {} : { cache_read: cached }) },
    source: SOURCE,
    checkedOn: "2026-11-22",
  }),
);
