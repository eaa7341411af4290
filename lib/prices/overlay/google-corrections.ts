import type { OverlayEntry } from "@/lib/prices/overlay-entry";

const PAGE = "https://ai.google.dev/gemini-api/docs/pricing";
const VERTEX_PAGE = "https://cloud.google.com/vertex-ai/generative-ai/pricing";
const CHECKED_ON = "2026-11-22";
const BOTH = ["google", "vertex"] as const;

/** Grounding with Google Search: a fee for each 1,000 grounded prompts (2.x) or search queries (3.x), past the free quota. */
const GROUNDING: readonly [string, readonly string[]][] = [
  [
    "35",
    [
      "gemini-2.0-flash",
      "gemini-2.0-flash-lite",
      "gemini-2.5-flash",
      "gemini-2.5-flash-lite",
      "gemini-2.5-pro",
    ],
  ],
  [
    "14",
    [
      "gemini-3-pro-preview",
      "gemini-3.1-pro-preview",
      "gemini-3-flash-preview",
      "gemini-3-pro-image-preview",
      "gemini-3.1-flash-image-preview",
      "gemini-3.1-flash-lite",
      "gemini-3.5-flash",
      "gemini-3.5-flash-lite",
      "gemini-3.6-flash",
      "gemini-3.7-flash",
      "gemini-3.8-flash",
    ],
  ],
];

/** Models whose page has one input price for text, image, video and audio alike. */
const AUDIO_AS_TEXT = ["gemini-2.5-pro", "gemini-3-pro-preview", "gemini-3.1-pro-preview"];

/** What the catalogue lacks or has wrong about Google's two clouds. */
export const GOOGLE_CORRECTIONS: readonly OverlayEntry[] = [
  ...GROUNDING.flatMap(([usd, models]) =>
    models.map((catalogue) => ({
      providers: BOTH,
      match: { catalogue },
      extends: true,
      prices: { web_searches: usd },
      source: `${PAGE}, "Grounding with Google Search"; LiteLLM`,
      checkedOn: CHECKED_ON,
    })),
  ),
  ...AUDIO_AS_TEXT.map((catalogue) => ({
    providers: BOTH,
    match: { catalogue },
    extends: true,
    prices: {},
    billedAs: { input_audio: "input", cache_read_audio: "cache_read" },
    source: `${PAGE}: one input price for all modalities`,
    checkedOn: CHECKED_ON,
  })),
  {
    // Vertex AI never had AI Studio's lower price.
    providers: ["vertex"],
    match: { catalogue: "gemini-2.0-flash" },
    extends: true,
    prices: { input: "0.15", output: "0.6", input_audio: "1", cache_read: "0.0375" },
    source: `${VERTEX_PAGE}; LiteLLM`,
    checkedOn: CHECKED_ON,
  },
  {
    providers: ["vertex"],
    match: { catalogue: "gemini-2.0-flash" },
    tier: "batch",
    prices: { input: "0.075", output: "0.3" },
    source: `${VERTEX_PAGE}; Portkey`,
    checkedOn: CHECKED_ON,
  },
];
