import type { OverlayEntry } from "@/lib/prices/overlay-entry";

const CHECKED_ON = "2026-11-22";
const PAGE = "https://platform.claude.com/docs/en/about-claude/pricing";
const CACHE_CUT = "2026-10-07";

const SONNET_5_5 = {
  input: "2",
  cache_read: "0.2",
  cache_write_5m: "2.5",
  cache_write_1h: "4",
  output: "10",
  web_searches: "10",
};

/** Claude prices that the catalogue lacks, or takes from a model whose name begins the same. */
export const ANTHROPIC_CORRECTIONS: readonly OverlayEntry[] = [
  {
    // The million-token window of Sonnet 4 cost more past 200,000 tokens from its first day.
    ...of({ catalogue: "claude-sonnet-4-0" }, "https://www.anthropic.com/news/1m-context; LiteLLM"),
    providers: ["anthropic"],
    context: { over: 200_000, isInclusive: false },
    from: "2025-08-12",
    extends: true,
    prices: {
      input: "6",
      cache_read: "0.6",
      cache_write_5m: "7.5",
      cache_write_1h: "12",
      output: "22.5",
    },
  },
  // The catalogue takes Sonnet 5.5 for Sonnet 5, whose cached price it no longer has.
  { ...of({ prefix: "claude-sonnet-5-5" }), to: CACHE_CUT, prices: SONNET_5_5 },
  {
    ...of({ prefix: "claude-sonnet-5-5" }),
    from: CACHE_CUT,
    prices: { ...SONNET_5_5, cache_read: "0.1" },
  },
  {
    ...of({ prefix: "claude-haiku-5-5" }),
    prices: {
      input: "0.1",
      cache_read: "0.01",
      cache_write_5m: "0.125",
      cache_write_1h: "0.2",
      output: "0.5",
      web_searches: "10",
    },
  },
  {
    ...of({ prefix: "claude-haiku-5-5" }),
    context: { over: 100_000, isInclusive: false },
    prices: {
      input: "0.5",
      cache_read: "0.05",
      cache_write_5m: "0.625",
      cache_write_1h: "1",
      output: "2.5",
      web_searches: "10",
    },
  },
];

function of(match: OverlayEntry["match"], source = PAGE) {
  return { providers: ["anthropic", "vertex"], match, source, checkedOn: CHECKED_ON };
}
