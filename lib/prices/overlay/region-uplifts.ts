import type { RegionUplift } from "@/lib/prices/region-uplift";

const CHECKED_ON = "2026-11-22";
/** Ten per cent, exactly. */
const TENTH = { numerator: 11n, denominator: 10n, checkedOn: CHECKED_ON };

/** Surcharges of places. Bedrock needs none: its regional endpoints are models of their own in the catalogue. */
export const REGION_UPLIFTS: readonly RegionUplift[] = [
  {
    ...TENTH,
    provider: "anthropic",
    models:
      /^claude-(?:(?:opus|sonnet|haiku)-4[-.][6-9]|4[-.][6-9]-|(?:opus|sonnet|haiku|fable|mythos)-[5-9]|[5-9]-|[5-9]\.)/,
    label: "Claude Opus 4.6 and later",
    regions: /^us$/,
    regionLabel: "us",
    source:
      "https://platform.claude.com/docs/en/build-with-claude/data-residency: US-only inference costs 1.1 times",
  },
  {
    ...TENTH,
    provider: "vertex",
    models: /^claude-(?:(?:opus|sonnet|haiku)-4[-.][5-9]|(?:opus|sonnet|haiku|fable|mythos)-[5-9])/,
    label: "Claude Sonnet 4.5 and later",
    regions: /^(?!global$)/,
    regionLabel: "every region but global",
    source:
      "https://cloud.google.com/vertex-ai/generative-ai/pricing: regional endpoints cost 10% more from Sonnet 4.5 on",
  },
  {
    ...TENTH,
    provider: "openai",
    models: /^gpt-(?:5[.-][4-9]|[6-9])/,
    label: "GPT-5.4 and later",
    regions: /^(?:us|eu)$/,
    regionLabel: "us, eu",
    source:
      "https://developers.openai.com/api/docs/pricing: regional processing costs 10% more; LiteLLM",
  },
  {
    ...TENTH,
    provider: "azure",
    models:
      /^(?:gpt-4o-2024-08-06|gpt-4\.1(?:-mini)?(?:-2025-04-14)?|gpt-5(?:-mini|-nano)?(?:-2025-08-07)?|o1(?:-mini|-preview)?(?:-2024-\d\d-\d\d)?|o3(?:-2025-04-16)?|o3-mini(?:-2025-01-31)?)$/,
    label: "GPT-4o (2024-08-06), GPT-4.1, GPT-5, o1, o3",
    regions: /^(?:us|eu)$/,
    regionLabel: "Data Zone us, eu",
    source:
      "https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/: Data Zone; LiteLLM",
  },
];
