import type { OverlayEntry } from "@/lib/prices/overlay-entry";

/** OpenAI prices that the catalogue has wrong or lacks. */
export const OPENAI_CORRECTIONS: readonly OverlayEntry[] = [
  {
    // The catalogue carries the cached price of after the cut back into the time before it.
    providers: ["openai"],
    match: { catalogue: "o3" },
    to: "2025-06-10",
    extends: true,
    prices: { cache_read: "2.5" },
    source: "LiteLLM and Langfuse price histories of June 2025",
    checkedOn: "2026-11-22",
  },
  {
    providers: ["openai"],
    match: { catalogue: "ft:gpt-4o" },
    extends: true,
    prices: { cache_read: "1.875" },
    source: "https://platform.openai.com/docs/pricing, fine-tuning; LiteLLM",
    checkedOn: "2026-11-22",
  },
  {
    providers: ["openai"],
    match: { catalogue: "ft:gpt-4o-mini" },
    extends: true,
    prices: { cache_read: "0.15" },
    source: "https://platform.openai.com/docs/pricing, fine-tuning; LiteLLM",
    checkedOn: "2026-11-22",
  },
];
