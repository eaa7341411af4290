import type { OverlayEntry } from "@/lib/prices/overlay-entry";

const PAGE = "https://platform.claude.com/docs/en/about-claude/pricing";

/** input, cache read, 5-minute write, 1-hour write, output: US dollars for a million tokens. */
type ClaudePrices = readonly [string, string, string, string, string];

const OPUS_OLD: ClaudePrices = ["7.5", "0.75", "9.375", "15", "37.5"];
const OPUS: ClaudePrices = ["2.5", "0.25", "3.125", "5", "12.5"];
const SONNET: ClaudePrices = ["1.5", "0.15", "1.875", "3", "7.5"];
const SONNET_LONG: ClaudePrices = ["3", "0.3", "3.75", "6", "11.25"];
const OPUS_LONG: ClaudePrices = ["5", "0.5", "6.25", "10", "18.75"];

/**
 * Message Batches. The page's table has input and output; the cache columns follow its rule that batch and cache prices
 * combine. Written out, because the cache columns are not one factor (Haiku 3, Fable 5.1).
 */
const BATCH: readonly [string, ClaudePrices][] = [
  ["claude-3-haiku", ["0.125", "0.015", "0.15", "0.25", "0.625"]],
  ["claude-3-sonnet", SONNET],
  ["claude-3-opus-latest", OPUS_OLD],
  ["claude-3-5-haiku-latest", ["0.4", "0.04", "0.5", "0.8", "2"]],
  ["claude-3-5-sonnet", SONNET],
  ["claude-3-7-sonnet-latest", SONNET],
  ["claude-haiku-4-5", ["0.5", "0.05", "0.625", "1", "2.5"]],
  ["claude-sonnet-4-0", SONNET],
  ["claude-sonnet-4-5", SONNET],
  ["claude-sonnet-4-6", SONNET],
  ["claude-sonnet-5", ["1", "0.1", "1.25", "2", "5"]],
  ["claude-opus-4-0", OPUS_OLD],
  ["claude-opus-4-1", OPUS_OLD],
  ["claude-opus-4-5", OPUS],
  ["claude-opus-4-6", OPUS],
  ["claude-opus-4-7", OPUS],
  ["claude-opus-4-8", OPUS],
  ["claude-opus-5", OPUS],
  ["claude-opus-5-5", ["2", "0.1", "2.5", "4", "10"]],
  ["claude-fable-5", ["5", "0.5", "6.25", "10", "25"]],
  ["claude-fable-5-1", ["5", "0.125", "6.25", "10", "25"]],
];

/** Batches of more than 200,000 input tokens, while long prompts cost more. */
const BATCH_LONG: readonly [string, ClaudePrices, string | undefined][] = [
  ["claude-sonnet-4-0", SONNET_LONG, undefined],
  ["claude-sonnet-4-5", SONNET_LONG, undefined],
  ["claude-sonnet-4-6", SONNET_LONG, "2026-03-13"],
  ["claude-opus-4-6", OPUS_LONG, "2026-03-13"],
];

/** Fast mode, where the response says `speed: fast`: six times Opus 4.6 and 4.7, twice the later ones. */
const FAST: readonly [string, ClaudePrices][] = [
  ["claude-opus-4-6", ["30", "3", "37.5", "60", "150"]],
  ["claude-opus-4-7", ["30", "3", "37.5", "60", "150"]],
  ["claude-opus-4-8", ["10", "1", "12.5", "20", "50"]],
  ["claude-opus-5", ["10", "1", "12.5", "20", "50"]],
  ["claude-opus-5-5", ["8", "0.4", "10", "16", "40"]],
];

const FAST_PAGE =
  "https://platform.claude.com/docs/en/build-with-claude/fast-mode; LiteLLM, models.dev, OpenRouter";
const ABOVE_200K = { over: 200_000, isInclusive: false };

/** Claude's batch and fast prices on Anthropic's own API. */
export const ANTHROPIC_TIERS: readonly OverlayEntry[] = [
  ...BATCH.map(([model, prices]) => entry(model, prices, { tier: "batch", source: PAGE })),
  ...BATCH_LONG.map(([model, prices, to]) =>
    entry(model, prices, {
      tier: "batch",
      context: ABOVE_200K,
      source: PAGE,
      ...(to ? { to } : {}),
    }),
  ),
  ...FAST.map(([model, prices]) => entry(model, prices, { tier: "fast", source: FAST_PAGE })),
  entry("claude-opus-4-6", ["60", "6", "75", "120", "225"], {
    tier: "fast",
    context: ABOVE_200K,
    to: "2026-03-13",
    source: FAST_PAGE,
  }),
];

function entry(
  model: string,
  [input, read, write5m, write1h, output]: ClaudePrices,
  rest: Omit<OverlayEntry, "providers" | "match" | "prices" | "checkedOn">,
): OverlayEntry {
  return {
    providers: ["anthropic"],
    match: { catalogue: model },
    prices: { input, cache_read: read, cache_write_5m: write5m, cache_write_1h: write1h, output },
    checkedOn: "2026-11-22",
    ...rest,
  };
}
