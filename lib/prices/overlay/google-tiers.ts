import type { OverlayEntry } from "@/lib/prices/overlay-entry";
import type { ServiceTier } from "@/lib/prices/price-record";

const PAGE = "https://ai.google.dev/gemini-api/docs/pricing";
const BOTH = ["google", "vertex"] as const;
const ABOVE_200K = { over: 200_000, isInclusive: false };

/** US dollars for a million tokens; what is left out has no price we could read. */
interface GeminiRow {
  model: string;
  tiers: readonly ServiceTier[];
  input: string;
  output?: string;
  cached?: string;
  audio?: string;
  cachedAudio?: string;
  isLong?: true;
}

const BATCH_FLEX = ["batch", "flex"] as const;

/**
 * Batch halves input and output. Cached input is not halved on the 2.5 models and 3 Pro (the batch table repeats the standard
 * price), and is left out where we could not read it.
 */
const ROWS: readonly GeminiRow[] = [
  { model: "gemini-2.0-flash", tiers: ["batch"], input: "0.05", output: "0.2" },
  { model: "gemini-2.0-flash-lite", tiers: ["batch"], input: "0.0375", output: "0.15" },
  {
    model: "gemini-2.5-flash",
    tiers: ["batch"],
    input: "0.15",
    output: "1.25",
    cached: "0.03",
    audio: "0.5",
    cachedAudio: "0.1",
  },
  {
    model: "gemini-2.5-flash-lite",
    tiers: ["batch"],
    input: "0.05",
    output: "0.2",
    cached: "0.01",
    audio: "0.15",
    cachedAudio: "0.03",
  },
  { model: "gemini-2.5-flash-image", tiers: ["batch"], input: "0.15", output: "1.25" },
  { model: "gemini-2.5-pro", tiers: ["batch"], input: "0.625", output: "5", cached: "0.125" },
  {
    model: "gemini-2.5-pro",
    tiers: ["batch"],
    isLong: true,
    input: "1.25",
    output: "7.5",
    cached: "0.25",
  },
  { model: "gemini-3-pro-preview", tiers: ["batch"], input: "1", output: "6", cached: "0.2" },
  {
    model: "gemini-3-pro-preview",
    tiers: ["batch"],
    isLong: true,
    input: "2",
    output: "9",
    cached: "0.4",
  },
  {
    model: "gemini-3-pro-preview",
    tiers: ["priority"],
    input: "3.6",
    output: "21.6",
    cached: "0.36",
  },
  {
    model: "gemini-3-pro-preview",
    tiers: ["priority"],
    isLong: true,
    input: "7.2",
    output: "32.4",
    cached: "0.72",
  },
  { model: "gemini-3.1-pro-preview", tiers: ["batch"], input: "1", output: "6" },
  { model: "gemini-3.1-pro-preview", tiers: ["batch"], isLong: true, input: "2", output: "9" },
  {
    model: "gemini-3.1-pro-preview",
    tiers: ["priority"],
    input: "3.6",
    output: "21.6",
    cached: "0.36",
  },
  {
    model: "gemini-3.1-pro-preview",
    tiers: ["priority"],
    isLong: true,
    input: "7.2",
    output: "32.4",
    cached: "0.72",
  },
  { model: "gemini-3-flash-preview", tiers: ["batch"], input: "0.25", output: "1.5" },
  {
    model: "gemini-3-flash-preview",
    tiers: ["priority"],
    input: "0.9",
    output: "5.4",
    cached: "0.09",
    audio: "1.8",
  },
  { model: "gemini-3.1-flash-lite", tiers: ["batch"], input: "0.125", output: "0.75" },
  { model: "gemini-3.1-flash-image-preview", tiers: ["batch"], input: "0.25", output: "1.5" },
  { model: "gemini-3-pro-image-preview", tiers: ["batch"], input: "1", output: "6" },
  { model: "gemini-3.5-flash", tiers: BATCH_FLEX, input: "0.75", output: "4.5" },
  { model: "gemini-3.5-flash", tiers: ["priority"], input: "2.7", output: "16.2" },
  { model: "gemini-3.5-flash-lite", tiers: BATCH_FLEX, input: "0.15", output: "1.25" },
  { model: "gemini-2.5-flash-tts", tiers: ["batch"], input: "0.25", output: "5" },
  { model: "gemini-2.5-pro-tts", tiers: ["batch"], input: "0.5", output: "10" },
  { model: "gemini-embedding-001", tiers: ["batch"], input: "0.075" },
];

/** Gemini's batch, flex and priority prices, the same on both of Google's clouds. */
export const GOOGLE_TIERS: readonly OverlayEntry[] = ROWS.flatMap((row) =>
  row.tiers.map((tier) => ({
    providers: BOTH,
    match: { catalogue: row.model },
    tier,
    ...(row.isLong ? { context: ABOVE_200K } : {}),
    prices: {
      input: row.input,
      ...(row.output ? { output: row.output } : {}),
      ...(row.cached ? { cache_read: row.cached } : {}),
      ...(row.audio ? { input_audio: row.audio } : {}),
      ...(row.cachedAudio ? { cache_read_audio: row.cachedAudio } : {}),
    },
    source: `${PAGE}; cross-checked with Portkey and LiteLLM maps`,
    checkedOn: "2026-11-22",
  })),
);
