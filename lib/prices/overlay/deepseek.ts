import type { OverlayEntry } from "@/lib/prices/overlay-entry";
import type { HoursUtc } from "@/lib/prices/price-record";

const PAGE = "https://api-docs.deepseek.com/quick_start/pricing and its news pages";

/** input (cache miss), cached input, output: US dollars for a million tokens. */
type DeepSeekPrices = readonly [string, string, string];

/** When prices changed, as DeepSeek announced it: midnight in Beijing is 16:00 UTC of the day before. */
const V3_LIST = "2025-02-08T16:00:00Z";
const NIGHT_DISCOUNT = "2025-02-26T16:30:00Z";
const NIGHT_DISCOUNT_END = "2025-09-05T16:00:00Z";
const V3_2 = "2025-09-29T00:00:00Z";
const V4 = "2026-04-24T00:00:00Z";
const PEAK_PRICES = "2026-08-16T16:00:00Z";
const WEEKDAYS_ONLY = "2026-08-22T16:00:00Z";
const V4_1_FLASH = "2026-09-10T04:00:00Z";

const DAY: HoursUtc = { from: 30, to: 990 };
const V4_FLASH: DeepSeekPrices = ["0.14", "0.0028", "0.28"];

/**
 * Peak hours, 09-12 and 14-18 in Beijing: every day at first, Monday to Friday since 2026-08-23, and not on statutory holidays
 * (Mid-Autumn 25-27 September, National Day 1-7 October 2026), as the page in Chinese says.
 */
const PEAK_SPANS: readonly { from: string; to?: string; isWeekdays: boolean }[] = [
  { from: PEAK_PRICES, to: WEEKDAYS_ONLY, isWeekdays: false },
  { from: WEEKDAYS_ONLY, to: V4_1_FLASH, isWeekdays: true },
  { from: V4_1_FLASH, to: "2026-09-24T16:00:00Z", isWeekdays: true },
  { from: "2026-09-27T16:00:00Z", to: "2026-09-30T16:00:00Z", isWeekdays: true },
  { from: "2026-10-07T16:00:00Z", isWeekdays: true },
];

const PEAK_HOURS: readonly HoursUtc[] = [
  { from: 60, to: 240 },
  { from: 360, to: 600 },
];

/** DeepSeek's own API, whole: the catalogue stopped following it in July 2025 and charges peaks before they existed. */
export const DEEPSEEK: readonly OverlayEntry[] = [
  ...named("deepseek-chat", [
    entry(["0.14", "0.014", "0.28"], { to: V3_LIST }),
    entry(["0.27", "0.07", "1.1"], { from: V3_LIST, to: NIGHT_DISCOUNT }),
    entry(["0.27", "0.07", "1.1"], { from: NIGHT_DISCOUNT, to: NIGHT_DISCOUNT_END, hoursUtc: DAY }),
    entry(["0.135", "0.035", "0.55"], { from: NIGHT_DISCOUNT, to: NIGHT_DISCOUNT_END }),
    entry(["0.56", "0.07", "1.68"], { from: NIGHT_DISCOUNT_END, to: V3_2 }),
    entry(["0.28", "0.028", "0.42"], { from: V3_2, to: V4 }),
    entry(V4_FLASH, { from: V4, to: PEAK_PRICES }),
  ]),
  ...named("deepseek-reasoner", [
    entry(["0.55", "0.14", "2.19"], { to: NIGHT_DISCOUNT }),
    entry(["0.55", "0.14", "2.19"], {
      from: NIGHT_DISCOUNT,
      to: NIGHT_DISCOUNT_END,
      hoursUtc: DAY,
    }),
    entry(["0.135", "0.035", "0.55"], { from: NIGHT_DISCOUNT, to: NIGHT_DISCOUNT_END }),
    entry(["0.56", "0.07", "1.68"], { from: NIGHT_DISCOUNT_END, to: V3_2 }),
    entry(["0.28", "0.028", "0.42"], { from: V3_2, to: V4 }),
    entry(V4_FLASH, { from: V4, to: PEAK_PRICES }),
  ]),
  ...named("deepseek-v4-flash", [
    entry(V4_FLASH, { to: PEAK_PRICES }),
    entry(["0.22", "0.007", "0.66"], { from: PEAK_PRICES, to: V4_1_FLASH }),
    ...peaks(["0.44", "0.014", "1.32"], PEAK_PRICES, V4_1_FLASH),
    entry(["0.15", "0.003", "0.6"], { from: V4_1_FLASH }),
    ...peaks(["0.3", "0.006", "1.2"], V4_1_FLASH),
  ]),
  ...named("deepseek-v4-pro", [
    entry(["0.435", "0.003625", "0.87"], { to: PEAK_PRICES }),
    entry(["0.66", "0.022", "1.98"], { from: PEAK_PRICES }),
    ...peaks(["1.32", "0.044", "3.96"], PEAK_PRICES),
  ]),
  ...["deepseek-flash", "deepseek-v4.1-flash"].flatMap((exact) =>
    [
      entry(["0.15", "0.003", "0.6"], { from: V4_1_FLASH }),
      ...peaks(["0.3", "0.006", "1.2"], V4_1_FLASH),
    ].map((unnamed) => ({ ...unnamed, match: { exact } })),
  ),
];

type Unnamed = Omit<OverlayEntry, "match">;

function named(catalogue: string, entries: readonly Unnamed[]): OverlayEntry[] {
  return entries.map((unnamed) => ({ ...unnamed, match: { catalogue } }));
}

function entry(
  [input, cached, output]: DeepSeekPrices,
  when: Partial<Pick<OverlayEntry, "from" | "to" | "hoursUtc">>,
): Unnamed {
  return {
    providers: ["deepseek"],
    prices: { input, cache_read: cached, output },
    source: PAGE,
    checkedOn: "2026-11-22",
    ...when,
  };
}

/** The peak entries within [from, to). */
function peaks(prices: DeepSeekPrices, from: string, to?: string): Unnamed[] {
  return PEAK_SPANS.filter((span) => span.from >= from && (!to || span.from < to)).flatMap((span) =>
    PEAK_HOURS.map((hours) =>
      entry(prices, {
        from: span.from,
        ...(span.to ? { to: span.to } : {}),
        hoursUtc: span.isWeekdays ? { ...hours, isWeekdays: true } : hours,
      }),
    ),
  );
}
