import type { OverlayEntry } from "@/lib/prices/overlay-entry";
import type { ServiceTier } from "@/lib/prices/price-record";

/**
 * The catalogue's model, tiers, input, cached input, output: US dollars for a million tokens. null: OpenAI publishes no such
 * price, so a call that uses it is priced in part.
 */
type TierRow = readonly [
  string,
  readonly ServiceTier[],
  string,
  string | null,
  string | null,
  RowOptions?,
];

interface RowOptions {
  /** Cache writes, which have a price from GPT-5.6 on. */
  written?: string;
  /** Only for calls of more than 272,000 input tokens: twice the tier's input and one and a half times its output. */
  isLong?: true;
  from?: string;
  to?: string;
  source?: string;
}

const PAGE =
  "https://developers.openai.com/api/docs/pricing; cross-checked with LiteLLM and Portkey maps";
const LAUNCH_5_5 = "OpenAI's GPT-5.5 launch post (priority is 2.5 times standard); models.dev";
const PLANS =
  "https://developers.openai.com/api/docs/pricing as read 2026-08-27: batch half, fast mode twice the standard price";

const LONG =
  "https://developers.openai.com/api/docs/models: over 272K twice the input and 1.5 times the output, for standard, batch and flex";

const BATCH = ["batch"] as const;
const FLEX = ["flex"] as const;
const PRIORITY = ["priority"] as const;
/** Flex is billed at batch rates, where a model has both. */
const BATCH_FLEX = ["batch", "flex"] as const;
/** GPT-5.4 and later call the priority tier "fast mode"; responses carry either word. */
const PRIORITY_FAST = ["priority", "fast"] as const;

const CUT_TERRA_LUNA = "2026-07-30";
const CUT_SOL = "2026-08-21";

const ROWS: readonly TierRow[] = [
  ["gpt-4-turbo", BATCH, "5", null, "15"],
  ["gpt-4", BATCH, "15", null, "30"],
  ["gpt-3.5-turbo", BATCH, "0.25", null, "0.75"],
  ["gpt-3.5-turbo-1106", BATCH, "0.5", null, "1"],
  ["gpt-4o", BATCH, "1.25", null, "5"],
  ["gpt-4o", PRIORITY, "4.25", "2.125", "17"],
  ["gpt-4o-2024-05-13", BATCH, "2.5", null, "7.5"],
  ["gpt-4o-2024-05-13", PRIORITY, "8.75", null, "26.25"],
  ["gpt-4o-mini", BATCH, "0.075", null, "0.3"],
  ["gpt-4o-mini", PRIORITY, "0.25", "0.125", "1"],
  ["gpt-4.1", BATCH, "1", null, "4"],
  ["gpt-4.1", PRIORITY, "3.5", "0.875", "14"],
  ["gpt-4.1-mini", BATCH, "0.2", null, "0.8"],
  ["gpt-4.1-mini", PRIORITY, "0.7", "0.175", "2.8"],
  ["gpt-4.1-nano", BATCH, "0.05", null, "0.2"],
  ["gpt-4.1-nano", PRIORITY, "0.2", "0.05", "0.8"],
  ["gpt-4.5-preview", BATCH, "37.5", null, "75"],
  ["o1", BATCH, "7.5", null, "30"],
  ["o1-pro", BATCH, "75", null, "300"],
  ["o1-mini", BATCH, "0.55", null, "2.2"],
  ["o3-mini", BATCH, "0.55", null, "2.2"],
  ["o3", BATCH, "1", null, "4", { from: "2025-06-10" }],
  ["o3", FLEX, "1", "0.25", "4", { from: "2025-06-10" }],
  ["o3", PRIORITY, "3.5", "0.875", "14", { from: "2025-06-10" }],
  ["o3-pro", BATCH, "10", null, "40"],
  ["o3-deep-research", BATCH, "5", null, "20"],
  ["o4-mini", BATCH, "0.55", null, "2.2"],
  ["o4-mini", FLEX, "0.55", "0.1375", "2.2"],
  ["o4-mini", PRIORITY, "2", "0.5", "8"],
  ["o4-mini-deep-research", BATCH, "1", null, "4"],
  ["computer-use", BATCH, "1.5", null, "6"],
  ["ft:gpt-4o", BATCH, "1.875", null, "7.5"],
  ["ft:gpt-4o-mini", BATCH, "0.15", null, "0.6"],
  ["gpt-5", BATCH_FLEX, "0.625", "0.0625", "5"],
  ["gpt-5", PRIORITY, "2.5", "0.25", "20"],
  ["gpt-5-mini", BATCH_FLEX, "0.125", "0.0125", "1"],
  ["gpt-5-mini", PRIORITY, "0.45", "0.045", "3.6"],
  // LiteLLM lists a priority price for nano that is 50 times its standard one; nobody else lists the tier at all.
  ["gpt-5-nano", BATCH_FLEX, "0.025", "0.0025", "0.2"],
  ["gpt-5-pro", BATCH, "7.5", null, "60"],
  ["gpt-5.1", BATCH_FLEX, "0.625", "0.0625", "5"],
  ["gpt-5.1", PRIORITY, "2.5", "0.25", "20"],
  ["gpt-5.1-codex-mini", PRIORITY, "0.45", "0.045", "3.6"],
  ["gpt-5.2", BATCH_FLEX, "0.875", "0.0875", "7"],
  ["gpt-5.2", PRIORITY, "3.5", "0.35", "28"],
  ["gpt-5.2-pro", BATCH, "10.5", null, "84"],
  ["gpt-5.3", PRIORITY, "3.5", "0.35", "28"],
  ["gpt-5.3-codex", PRIORITY, "3.5", "0.35", "28"],
  // OpenAI's table says $0.13 for cached input, not half of $0.25.
  ["gpt-5.4", BATCH_FLEX, "1.25", "0.13", "7.5"],
  ["gpt-5.4", PRIORITY_FAST, "5", "0.5", "30"],
  ["gpt-5.4-mini", BATCH_FLEX, "0.375", "0.0375", "2.25"],
  ["gpt-5.4-mini", PRIORITY_FAST, "1.5", "0.15", "9"],
  ["gpt-5.4-nano", BATCH_FLEX, "0.1", "0.01", "0.625"],
  ["gpt-5.4-pro", BATCH_FLEX, "15", null, "90"],
  ["gpt-5.5", BATCH_FLEX, "2.5", "0.25", "15"],
  ["gpt-5.5", PRIORITY_FAST, "12.5", "1.25", "75", { source: LAUNCH_5_5 }],
  ["gpt-5.5-pro", BATCH_FLEX, "15", null, "90"],
  ["gpt-5.6-sol", BATCH_FLEX, "2.5", "0.25", "15", { written: "3.125", to: CUT_SOL }],
  ["gpt-5.6-sol", PRIORITY_FAST, "10", "1", "60", { written: "12.5", to: CUT_SOL }],
  ["gpt-5.6-sol", BATCH_FLEX, "2", "0.2", "10", { written: "2.5", from: CUT_SOL, source: PLANS }],
  ["gpt-5.6-sol", PRIORITY_FAST, "8", "0.8", "40", { written: "10", from: CUT_SOL, source: PLANS }],
  ["gpt-5.6-terra", BATCH_FLEX, "1.25", "0.125", "7.5", { written: "1.5625", to: CUT_TERRA_LUNA }],
  ["gpt-5.6-terra", PRIORITY_FAST, "5", "0.5", "30", { written: "6.25", to: CUT_TERRA_LUNA }],
  ["gpt-5.6-terra", BATCH_FLEX, "1", "0.1", "6", { written: "1.25", from: CUT_TERRA_LUNA }],
  [
    "gpt-5.6-terra",
    PRIORITY_FAST,
    "4",
    "0.4",
    "24",
    { written: "5", from: CUT_TERRA_LUNA, source: PLANS },
  ],
  ["gpt-5.6-luna", BATCH_FLEX, "0.5", "0.05", "3", { written: "0.625", to: CUT_TERRA_LUNA }],
  ["gpt-5.6-luna", PRIORITY_FAST, "2", "0.2", "12", { written: "2.5", to: CUT_TERRA_LUNA }],
  ["gpt-5.6-luna", BATCH_FLEX, "0.1", "0.01", "0.6", { written: "0.125", from: CUT_TERRA_LUNA }],
  [
    "gpt-5.6-luna",
    PRIORITY_FAST,
    "0.4",
    "0.04",
    "2.4",
    { written: "0.5", from: CUT_TERRA_LUNA, source: PLANS },
  ],
  ["gpt-6-astra", BATCH_FLEX, "5", "0.5", "25", { written: "6.25" }],
  ["gpt-6-astra", PRIORITY_FAST, "20", "2", "100", { written: "25" }],
  ["gpt-6-astra", BATCH_FLEX, "10", "1", "37.5", { written: "12.5", isLong: true, source: LONG }],
  ["gpt-6-sol", BATCH_FLEX, "1", "0.1", "5", { written: "1.25" }],
  ["gpt-6-sol", PRIORITY_FAST, "4", "0.4", "20", { written: "5" }],
  ["gpt-6-luna", BATCH_FLEX, "0.05", "0.005", "0.25", { written: "0.0625" }],
  ["gpt-6-luna", PRIORITY_FAST, "0.2", "0.02", "1", { written: "0.25" }],
  ["gpt-5.4", BATCH_FLEX, "2.5", null, "11.25", { isLong: true, source: LONG }],
  ["gpt-5.5", BATCH_FLEX, "5", "0.5", "22.5", { isLong: true, source: LONG }],
  [
    "gpt-5.6-sol",
    BATCH_FLEX,
    "5",
    "0.5",
    "22.5",
    { isLong: true, written: "6.25", to: CUT_SOL, source: LONG },
  ],
  [
    "gpt-5.6-sol",
    BATCH_FLEX,
    "4",
    "0.4",
    "15",
    { isLong: true, written: "5", from: CUT_SOL, source: LONG },
  ],
  [
    "gpt-5.6-terra",
    BATCH_FLEX,
    "2",
    "0.2",
    "9",
    { isLong: true, written: "2.5", from: CUT_TERRA_LUNA, source: LONG },
  ],
  [
    "gpt-5.6-luna",
    BATCH_FLEX,
    "0.2",
    "0.02",
    "0.9",
    { isLong: true, written: "0.25", from: CUT_TERRA_LUNA, source: LONG },
  ],
  ["gpt-6-sol", BATCH_FLEX, "2", "0.2", "7.5", { isLong: true, written: "2.5", source: LONG }],
  [
    "gpt-6-luna",
    BATCH_FLEX,
    "0.1",
    "0.01",
    "0.375",
    { isLong: true, written: "0.125", source: LONG },
  ],
  ["text-embedding-3-small", BATCH, "0.01", null, null],
  ["text-embedding-3-large", BATCH, "0.065", null, null],
  ["text-embedding-ada-002", BATCH, "0.05", null, null],
];

/**
 * OpenAI's batch, flex and priority prices. Explicit numbers, because no one factor holds: GPT-5 mini priority is 1.8 times
 * standard, GPT-4.1's 1.75 times, GPT-5's twice, GPT-5.5's two and a half times.
 */
export const OPENAI_TIERS: readonly OverlayEntry[] = ROWS.flatMap(
  ([model, tiers, input, cached, output, options = {}]) =>
    tiers.map((tier) => ({
      providers: ["openai"],
      match: { catalogue: model },
      tier,
      ...(options.isLong ? { context: { over: 272_000, isInclusive: false } } : {}),
      ...(options.from ? { from: options.from } : {}),
      ...(options.to ? { to: options.to } : {}),
      prices: {
        input,
        ...(cached === null ? {} : { cache_read: cached }),
        ...(options.written ? { cache_write_5m: options.written } : {}),
        ...(output === null ? {} : { output }),
      },
      source: options.source ?? PAGE,
      checkedOn: "2026-11-22",
    })),
);
