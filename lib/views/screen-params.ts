import type { ScreenId } from "@/lib/paths";

/** What all screens share, `project` first: it is a column of its own where a view is stored. */
const SHARED = ["project", "range", "from", "to", "filter"] as const;

/**
 * The parameters that a screen's address understands, in the order a view keeps them. A test holds this against what
 * the screens read.
 */
export const VIEW_SCREENS = {
  explore: [
    ...SHARED,
    ...["group", "group2", "metric", "bin", "sort", "compare", "weekday", "cols"],
  ],
  calls: [...SHARED],
  sessions: [...SHARED, "sort"],
} as const satisfies Partial<Record<ScreenId, readonly string[]>>;

export type ViewScreen = keyof typeof VIEW_SCREENS;
export const VIEW_SCREEN_IDS = Object.keys(VIEW_SCREENS) as ViewScreen[];

/** May be given more than once: its values keep their order. */
export const REPEATED_PARAM = "filter";

/**
 * An address's query as a view of the screen keeps it: the screen's own parameters in one order, so that two addresses
 * of the same question are the same text. What the screen does not know is left out.
 */
export function toViewQuery(screen: ViewScreen, search: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of VIEW_SCREENS[screen]) {
    for (const value of search.getAll(name)) kept.append(name, value);
  }
  return kept.toString();
}
