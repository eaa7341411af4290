import type { OverlayEntry } from "@/lib/prices/overlay-entry";
import type { ServiceTier } from "@/lib/prices/price-record";

/** US dollars for a million tokens; null: OpenAI publishes none, so a call that uses it is priced in part. */
interface TierRow {
  model: string;
  tiers: readonly ServiceTier[];
  input: string;
  cached: string | null;
  written?: string;
  output: string | null;
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

/** Flex is billed at batch rates, where a model has both. */
const BATCH_FLEX = ["batch", "flex"] as const;
/** GPT-5.4 and later call the priority tier "fast mode"; responses carry either word. */
const PRIORITY_FAST = ["priority", "fast"] as const;

const CUT_TERRA_LUNA = "2026-07-30";
const CUT_SOL = "2026-08-21";

const ROWS: readonly TierRow[] = [
  { model: "gpt-4-turbo", tiers: ["batch"], input: "5", cached: null, output: "15" },
  { model: "gpt-4", tiers: ["batch"], input: "15", cached: null, output: "30" },
  { model: "gpt-3.5-turbo", tiers: ["batch"], input: "0.25", cached: null, output: "0.75" },
  { model: "gpt-3.5-turbo-1106", tiers: ["batch"], input: "0.5", cached: null, output: "1" },
  { model: "gpt-4o", tiers: ["batch"], input: "1.25", cached: null, output: "5" },
  { model: "gpt-4o", tiers: ["priority"], input: "4.25", cached: "2.125", output: "17" },
  { model: "gpt-4o-2024-05-13", tiers: ["batch"], input: "2.5", cached: null, output: "7.5" },
  { model: "gpt-4o-2024-05-13", tiers: ["priority"], input: "8.75", cached: null, output: "26.25" },
  { model: "gpt-4o-mini", tiers: ["batch"], input: "0.075", cached: null, output: "0.3" },
  { model: "gpt-4o-mini", tiers: ["priority"], input: "0.25", cached: "0.125", output: "1" },
  { model: "gpt-4.1", tiers: ["batch"], input: "1", cached: null, output: "4" },
  { model: "gpt-4.1", tiers: ["priority"], input: "3.5", cached: "0.875", output: "14" },
  { model: "gpt-4.1-mini", tiers: ["batch"], input: "0.2", cached: null, output: "0.8" },
  { model: "gpt-4.1-mini", tiers: ["priority"], input: "0.7", cached: "0.175", output: "2.8" },
  { model: "gpt-4.1-nano", tiers: ["batch"], input: "0.05", cached: null, output: "0.2" },
  { model: "gpt-4.1-nano", tiers: ["priority"], input: "0.2", cached: "0.05", output: "0.8" },
  { model: "gpt-4.5-preview", tiers: ["batch"], input: "37.5", cached: null, output: "75" },
  { model: "o1", tiers: ["batch"], input: "7.5", cached: null, output: "30" },
  { model: "o1-pro", tiers: ["batch"], input: "75", cached: null, output: "300" },
  { model: "o1-mini", tiers: ["batch"], input: "0.55", cached: null, output: "2.2" },
  { model: "o3-mini", tiers: ["batch"], input: "0.55", cached: null, output: "2.2" },
  { model: "o3", tiers: ["batch"], input: "1", cached: null, output: "4", from: "2025-06-10" },
  { model: "o3", tiers: ["flex"], input: "1", cached: "0.25", output: "4", from: "2025-06-10" },
  {
    model: "o3",
    tiers: ["priority"],
    input: "3.5",
    cached: "0.875",
    output: "14",
    from: "2025-06-10",
  },
  { model: "o3-pro", tiers: ["batch"], input: "10", cached: null, output: "40" },
  { model: "o3-deep-research", tiers: ["batch"], input: "5", cached: null, output: "20" },
  { model: "o4-mini", tiers: ["batch"], input: "0.55", cached: null, output: "2.2" },
  { model: "o4-mini", tiers: ["flex"], input: "0.55", cached: "0.1375", output: "2.2" },
  { model: "o4-mini", tiers: ["priority"], input: "2", cached: "0.5", output: "8" },
  { model: "o4-mini-deep-research", tiers: ["batch"], input: "1", cached: null, output: "4" },
  { model: "computer-use", tiers: ["batch"], input: "1.5", cached: null, output: "6" },
  { model: "ft:gpt-4o", tiers: ["batch"], input: "1.875", cached: null, output: "7.5" },
  { model: "ft:gpt-4o-mini", tiers: ["batch"], input: "0.15", cached: null, output: "0.6" },
  { model: "gpt-5", tiers: BATCH_FLEX, input: "0.625", cached: "0.0625", output: "5" },
  { model: "gpt-5", tiers: ["priority"], input: "2.5", cached: "0.25", output: "20" },
  { model: "gpt-5-mini", tiers: BATCH_FLEX, input: "0.125", cached: "0.0125", output: "1" },
  { model: "gpt-5-mini", tiers: ["priority"], input: "0.45", cached: "0.045", output: "3.6" },
  // LiteLLM lists a priority price for nano that is 50 times its standard one; nobody else lists the tier at all.
  { model: "gpt-5-nano", tiers: BATCH_FLEX, input: "0.025", cached: "0.0025", output: "0.2" },
  { model: "gpt-5-pro", tiers: ["batch"], input: "7.5", cached: null, output: "60" },
  { model: "gpt-5.1", tiers: BATCH_FLEX, input: "0.625", cached: "0.0625", output: "5" },
  { model: "gpt-5.1", tiers: ["priority"], input: "2.5", cached: "0.25", output: "20" },
  {
    model: "gpt-5.1-codex-mini",
    tiers: ["priority"],
    input: "0.45",
    cached: "0.045",
    output: "3.6",
  },
  { model: "gpt-5.2", tiers: BATCH_FLEX, input: "0.875", cached: "0.0875", output: "7" },
  { model: "gpt-5.2", tiers: ["priority"], input: "3.5", cached: "0.35", output: "28" },
  { model: "gpt-5.2-pro", tiers: ["batch"], input: "10.5", cached: null, output: "84" },
  { model: "gpt-5.3", tiers: ["priority"], input: "3.5", cached: "0.35", output: "28" },
  { model: "gpt-5.3-codex", tiers: ["priority"], input: "3.5", cached: "0.35", output: "28" },
  // OpenAI's table says $0.13 for cached input, not half of $0.25.
  { model: "gpt-5.4", tiers: BATCH_FLEX, input: "1.25", cached: "0.13", output: "7.5" },
  { model: "gpt-5.4", tiers: PRIORITY_FAST, input: "5", cached: "0.5", output: "30" },
  { model: "gpt-5.4-mini", tiers: BATCH_FLEX, input: "0.375", cached: "0.0375", output: "2.25" },
  { model: "gpt-5.4-mini", tiers: PRIORITY_FAST, input: "1.5", cached: "0.15", output: "9" },
  { model: "gpt-5.4-nano", tiers: BATCH_FLEX, input: "0.1", cached: "0.01", output: "0.625" },
  { model: "gpt-5.4-pro", tiers: BATCH_FLEX, input: "15", cached: null, output: "90" },
  { model: "gpt-5.5", tiers: BATCH_FLEX, input: "2.5", cached: "0.25", output: "15" },
  {
    model: "gpt-5.5",
    tiers: PRIORITY_FAST,
    input: "12.5",
    cached: "1.25",
    output: "75",
    source: LAUNCH_5_5,
  },
  { model: "gpt-5.5-pro", tiers: BATCH_FLEX, input: "15", cached: null, output: "90" },
  {
    model: "gpt-5.6-sol",
    tiers: BATCH_FLEX,
    input: "2.5",
    cached: "0.25",
    written: "3.125",
    output: "15",
    to: CUT_SOL,
  },
  {
    model: "gpt-5.6-sol",
    tiers: PRIORITY_FAST,
    input: "10",
    cached: "1",
    written: "12.5",
    output: "60",
    to: CUT_SOL,
  },
  {
    model: "gpt-5.6-sol",
    tiers: BATCH_FLEX,
    input: "2",
    cached: "0.2",
    written: "2.5",
    output: "10",
    from: CUT_SOL,
    source: PLANS,
  },
  {
    model: "gpt-5.6-sol",
    tiers: PRIORITY_FAST,
    input: "8",
    cached: "0.8",
    written: "10",
    output: "40",
    from: CUT_SOL,
    source: PLANS,
  },
  {
    model: "gpt-5.6-terra",
    tiers: BATCH_FLEX,
    input: "1.25",
    cached: "0.125",
    written: "1.5625",
    output: "7.5",
    to: CUT_TERRA_LUNA,
  },
  {
    model: "gpt-5.6-terra",
    tiers: PRIORITY_FAST,
    input: "5",
    cached: "0.5",
    written: "6.25",
    output: "30",
    to: CUT_TERRA_LUNA,
  },
  {
    model: "gpt-5.6-terra",
    tiers: BATCH_FLEX,
    input: "1",
    cached: "0.1",
    written: "1.25",
    output: "6",
    from: CUT_TERRA_LUNA,
  },
  {
    model: "gpt-5.6-terra",
    tiers: PRIORITY_FAST,
    input: "4",
    cached: "0.4",
    written: "5",
    output: "24",
    from: CUT_TERRA_LUNA,
    source: PLANS,
  },
  {
    model: "gpt-5.6-luna",
    tiers: BATCH_FLEX,
    input: "0.5",
    cached: "0.05",
    written: "0.625",
    output: "3",
    to: CUT_TERRA_LUNA,
  },
  {
    model: "gpt-5.6-luna",
    tiers: PRIORITY_FAST,
    input: "2",
    cached: "0.2",
    written: "2.5",
    output: "12",
    to: CUT_TERRA_LUNA,
  },
  {
    model: "gpt-5.6-luna",
    tiers: BATCH_FLEX,
    input: "0.1",
    cached: "0.01",
    written: "0.125",
    output: "0.6",
    from: CUT_TERRA_LUNA,
  },
  {
    model: "gpt-5.6-luna",
    tiers: PRIORITY_FAST,
    input: "0.4",
    cached: "0.04",
    written: "0.5",
    output: "2.4",
    from: CUT_TERRA_LUNA,
    source: PLANS,
  },
  {
    model: "gpt-6-sol",
    tiers: BATCH_FLEX,
    input: "1",
    cached: "0.1",
    written: "1.25",
    output: "5",
  },
  {
    model: "gpt-6-sol",
    tiers: PRIORITY_FAST,
    input: "4",
    cached: "0.4",
    written: "5",
    output: "20",
  },
  {
    model: "gpt-6-luna",
    tiers: BATCH_FLEX,
    input: "0.05",
    cached: "0.005",
    written: "0.0625",
    output: "0.25",
  },
  {
    model: "gpt-6-luna",
    tiers: PRIORITY_FAST,
    input: "0.2",
    cached: "0.02",
    written: "0.25",
    output: "1",
  },
  {
    model: "gpt-5.4",
    tiers: BATCH_FLEX,
    isLong: true,
    input: "2.5",
    cached: null,
    output: "11.25",
    source: LONG,
  },
  {
    model: "gpt-5.5",
    tiers: BATCH_FLEX,
    isLong: true,
    input: "5",
    cached: "0.5",
    output: "22.5",
    source: LONG,
  },
  {
    model: "gpt-5.6-sol",
    tiers: BATCH_FLEX,
    isLong: true,
    input: "5",
    cached: "0.5",
    written: "6.25",
    output: "22.5",
    to: CUT_SOL,
    source: LONG,
  },
  {
    model: "gpt-5.6-sol",
    tiers: BATCH_FLEX,
    isLong: true,
    input: "4",
    cached: "0.4",
    written: "5",
    output: "15",
    from: CUT_SOL,
    source: LONG,
  },
  {
    model: "gpt-5.6-terra",
    tiers: BATCH_FLEX,
    isLong: true,
    input: "2",
    cached: "0.2",
    written: "2.5",
    output: "9",
    from: CUT_TERRA_LUNA,
    source: LONG,
  },
  {
    model: "gpt-5.6-luna",
    tiers: BATCH_FLEX,
    isLong: true,
    input: "0.2",
    cached: "0.02",
    written: "0.25",
    output: "0.9",
    from: CUT_TERRA_LUNA,
    source: LONG,
  },
  {
    model: "gpt-6-sol",
    tiers: BATCH_FLEX,
    isLong: true,
    input: "2",
    cached: "0.2",
    written: "2.5",
    output: "7.5",
    source: LONG,
  },
  {
    model: "gpt-6-luna",
    tiers: BATCH_FLEX,
    isLong: true,
    input: "0.1",
    cached: "0.01",
    written: "0.125",
    output: "0.375",
    source: LONG,
  },
  { model: "text-embedding-3-small", tiers: ["batch"], input: "0.01", cached: null, output: null },
  { model: "text-embedding-3-large", tiers: ["batch"], input: "0.065", cached: null, output: null },
  { model: "text-embedding-ada-002", tiers: ["batch"], input: "0.05", cached: null, output: null },
];

/**
 * OpenAI's batch, flex and priority prices. Explicit numbers, because no one factor holds: GPT-5 mini priority is 1.8 times
 * standard, GPT-4.1's 1.75 times, GPT-5's twice, GPT-5.5's two and a half times.
 */
export const OPENAI_TIERS: readonly OverlayEntry[] = ROWS.flatMap((row) =>
  row.tiers.map((tier) => ({
    providers: ["openai"],
    match: { catalogue: row.model },
    tier,
    ...(row.isLong ? { context: { over: 272_000, isInclusive: false } } : {}),
    ...(row.from ? { from: row.from } : {}),
    ...(row.to ? { to: row.to } : {}),
    prices: {
      input: row.input,
      ...(row.cached === null ? {} : { cache_read: row.cached }),
      ...(row.written ? { cache_write_5m: row.written } : {}),
      ...(row.output === null ? {} : { output: row.output }),
    },
    source: row.source ?? PAGE,
    checkedOn: "2026-11-22",
  })),
);
