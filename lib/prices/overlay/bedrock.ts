import type { OverlayEntry } from "@/lib/prices/overlay-entry";

const PAGE = "https://aws.amazon.com/bedrock/pricing/";
const CHECKED_ON = "2026-11-22";

/**
 * 1-hour cache writes of the Claude models that have them on Bedrock (4.5 and later): twice the input price of the endpoint, so
 * 10 % more on regional ones. The catalogue would bill them as 5-minute writes.
 */
const WRITE_1H: readonly [string, string, string][] = [
  ["haiku-4-5-20251001-v1:0", "2", "2.2"],
  ["sonnet-4-5-20250929-v1:0", "6", "6.6"],
  ["sonnet-4-6-v1:0", "6", "6.6"],
  ["sonnet-5-v1:0", "4", "4.4"],
  ["opus-4-5-v1:0", "10", "11"],
  ["opus-4-6-v1:0", "10", "11"],
  ["opus-4-7-v1:0", "10", "11"],
  ["opus-4-8-v1:0", "10", "11"],
  ["opus-5", "10", "11"],
  ["fable-5-v1:0", "20", "22"],
  ["fable-5-1-v1:0", "20", "22"],
];

/** Prompts of more than 200,000 tokens: input, read, 5-minute and 1-hour write, output, on global and regional endpoints. */
const LONG: readonly [string, readonly [string, string, string, string, string]][] = [
  ["global.anthropic.claude-sonnet-4-20250514-v1:0", ["6", "0.6", "7.5", "12", "22.5"]],
  ["regional.anthropic.claude-sonnet-4-20250514-v1:0", ["6", "0.6", "7.5", "12", "22.5"]],
  ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", ["6", "0.6", "7.5", "12", "22.5"]],
  ["regional.anthropic.claude-sonnet-4-5-20250929-v1:0", ["6.6", "0.66", "8.25", "13.2", "24.75"]],
];

/** Endpoints by the beginning of a profile's name. */
const REGIONAL = ["", "us.", "eu.", "apac.", "jp.", "au."];

/** Cached input of Sonnet 5.5 was halved on this day. */
const CACHE_CUT = "2026-10-07";

const SONNET_5_5_GLOBAL = {
  input: "2",
  cache_read: "0.2",
  cache_write_5m: "2.5",
  cache_write_1h: "4",
  output: "10",
};

const SONNET_5_5_REGIONAL = {
  input: "2.2",
  cache_read: "0.22",
  cache_write_5m: "2.75",
  cache_write_1h: "4.4",
  output: "11",
};

/** Claude 3's cache prices, which Bedrock's catalogue entries lack; the same as Anthropic's table. */
const CLAUDE_3_HAIKU_CACHE = { cache_read: "0.03", cache_write_5m: "0.3" };

/** What the catalogue lacks or has wrong about Bedrock. */
export const BEDROCK: readonly OverlayEntry[] = [
  ...WRITE_1H.flatMap(([model, global, regional]) => [
    write1h(`global.anthropic.claude-${model}`, global),
    write1h(`regional.anthropic.claude-${model}`, regional),
  ]),
  ...LONG.map(([catalogue, [input, read, write5m, write1h, output]]) => ({
    providers: ["aws"],
    match: { catalogue },
    context: { over: 200_000, isInclusive: false },
    extends: true,
    prices: { input, cache_read: read, cache_write_5m: write5m, cache_write_1h: write1h, output },
    source: `${PAGE}; LiteLLM`,
    checkedOn: CHECKED_ON,
  })),
  ...sonnet55("global.", SONNET_5_5_GLOBAL, "0.1"),
  ...REGIONAL.flatMap((profile) => sonnet55(profile, SONNET_5_5_REGIONAL, "0.11")),
  {
    providers: ["aws"],
    match: { prefix: "amazon.titan-embed-text-v2" },
    prices: { input: "0.02" },
    source: PAGE,
    checkedOn: CHECKED_ON,
  },
  {
    providers: ["aws"],
    match: { catalogue: "regional.anthropic.claude-3-haiku-20240307-v1:0" },
    extends: true,
    prices: CLAUDE_3_HAIKU_CACHE,
    source: `${PAGE}; https://platform.claude.com/docs/en/about-claude/pricing`,
    checkedOn: CHECKED_ON,
  },
];

function write1h(catalogue: string, usd: string): OverlayEntry {
  return {
    providers: ["aws"],
    match: { catalogue },
    extends: true,
    prices: { cache_write_1h: usd },
    source: `${PAGE}: twice the input price; LiteLLM`,
    checkedOn: CHECKED_ON,
  };
}

/** Sonnet 5.5 by the name of its endpoint: the catalogue takes it for Sonnet 5. */
function sonnet55(
  profile: string,
  prices: typeof SONNET_5_5_GLOBAL,
  cachedAfterCut: string,
): OverlayEntry[] {
  const base = {
    providers: ["aws"],
    match: { prefix: `${profile}anthropic.claude-sonnet-5-5` },
    source: PAGE,
    checkedOn: CHECKED_ON,
  };
  return [
    { ...base, to: CACHE_CUT, prices },
    { ...base, from: CACHE_CUT, prices: { ...prices, cache_read: cachedAfterCut } },
  ];
}
