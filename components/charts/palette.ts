/**
 * The chart colours, measured: each at least 3:1 on its page, any two apart by 0.10 in OKLab also for
 * colour-blind readers (palette.test.ts). Slots, not names: who gets which is `assign-colours.ts`.
 * The values stand in app/globals.css as `--series-1` to `--series-6` and `--series-other`.
 */
export const LIGHT_PALETTE = [
  "#1C1487",
  "#E36631",
  "#57A083",
  "#6F0D40",
  "#715215",
  "#AB74DF",
] as const;
export const DARK_PALETTE = [
  "#6187D9",
  "#CE801B",
  "#68E6DA",
  "#B22A77",
  "#DCC921",
  "#7447C1",
] as const;
export const OTHER_COLOUR = { light: "#6B7280", dark: "#9CA3AF" } as const;
/** The pages the colours were measured on. */
export const PAGE_COLOUR = { light: "#ffffff", dark: "#0b0f14" } as const;

/** How many names a chart shows before the rest becomes Other. */
export const SERIES_SLOTS = LIGHT_PALETTE.length;

/** CSS colour of a slot (0 to 5), or of Other for null; it follows the theme by itself. */
export function seriesColour(slot: number | null): string {
  return slot === null ? "var(--series-other)" : `var(--series-${slot + 1})`;
}
