import type { OverlayEntry } from "@/lib/prices/overlay-entry";
import type { ServiceTier } from "@/lib/prices/price-record";

const PAGE = "https://platform.openai.com/docs/pricing";
const OPENAI = ["openai"] as const;

/** model, tier, input, cached input (or null), output (or null): US dollars for a million tokens. */
type TierRow = [string, ServiceTier, string, string | null, string | null];

const ROWS: TierRow[] = [
  ["gpt-5", "batch", "0.625", "0.0625", "5"],
  ["gpt-5", "flex", "0.625", "0.0625", "5"],
  ["gpt-5", "priority", "2.5", "0.25", "20"],
  ["gpt-5-nano", "batch", "0.025", "0.0025", "0.2"],
  ["gpt-5-nano", "flex", "0.025", "0.0025", "0.2"],
  ["gpt-4.1", "batch", "1", null, "4"],
];

/**
 * OpenAI's batch, flex and priority prices. Explicit numbers, because no one factor holds: GPT-5 mini priority is 1.8 times
 * standard, GPT-4.1's 1.75 times, GPT-5's twice.
 */
export const OPENAI_TIERS: readonly OverlayEntry[] = ROWS.map(
  ([model, tier, input, cached, output]) => ({
    providers: OPENAI,
    match: { catalogue: model },
    tier,
    prices: {
      input,
      ...(cached === null ? {} : { cache_read: cached }),
      ...(output === null ? {} : { output }),
    },
    source: PAGE,
    checkedOn: "2026-11-22",
  }),
);
