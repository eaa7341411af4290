import { DATA_DAYS, type NamedData } from "./named-data";

/** Instants of a run's data in seconds since 1970: calls end at `end`, in the middle of the day that `dayEnd` ends. */
interface Clock {
  end: number;
  dayEnd: number;
  monthStart: number;
}

/** A question as a screen sends it. */
export interface NamedQuestion {
  name: string;
  /** Who asks it. */
  screen: string;
  /** Path and query, without `project`. */
  path: (clock: Clock) => string;
  /**
   * How the answer is checked: against the formula of the data, by sums that tie (rows + rest = total), or as a list
   * in order.
   */
  check: "formula" | "ties" | "calls" | "sessions";
}

const DAY = 86_400;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const range = (from: number, to: number): string =>
  new URLSearchParams({ from: iso(from), to: iso(to) }).toString();
/** Whole days up to the end of today, as the preset asks for. */
const thirtyDays = ({ dayEnd }: Clock): string => range(dayEnd - DATA_DAYS * DAY, dayEnd);
const TOP_SIX = [0, 1, 2, 3, 4, 5].map((rank) => `filter.feature=feature-${rank}`).join("&");
/** Ahead of UTC by 5:45, so that no local day is one of UTC and every edge falls inside an hour. */
const KATHMANDU_SECONDS = 5.75 * 3_600;

/** The twelve questions that are measured. */
export const QUESTIONS: readonly NamedQuestion[] = [
  {
    name: "month to date",
    screen: "Overview: the card",
    path: (clock) =>
      `/api/spend?${range(clock.monthStart, clock.dayEnd)}&tz=UTC&figures=cost_usd,calls,unpriced_calls`,
    check: "formula",
  },
  {
    name: "30 days by day, six dearest features",
    screen: "Overview, Explore: the chart",
    path: (clock) =>
      `/api/spend?${thirtyDays(clock)}&tz=UTC&interval=day&group_by=feature&${TOP_SIX}&figures=cost_usd`,
    check: "ties",
  },
  {
    name: "30 days by feature, all figures",
    screen: "Explore: the table",
    path: (clock) => `/api/spend?${thirtyDays(clock)}&tz=UTC&group_by=feature&limit=1000`,
    check: "formula",
  },
  {
    name: "30 days by model, all figures",
    screen: "Explore: the table",
    path: (clock) => `/api/spend?${thirtyDays(clock)}&tz=UTC&group_by=model&limit=1000`,
    check: "formula",
  },
  {
    name: "30 days by user, the dearest 100",
    screen: "Explore: the table",
    path: (clock) =>
      `/api/spend?${thirtyDays(clock)}&tz=UTC&group_by=user&limit=100&figures=cost_usd,calls,input_tokens,output_tokens`,
    check: "formula",
  },
  {
    name: "30 days of one feature by model, all figures",
    screen: "Explore: the table with a filter",
    path: (clock) =>
      `/api/spend?${thirtyDays(clock)}&tz=UTC&group_by=model&filter.feature=feature-0&limit=1000`,
    check: "ties",
  },
  {
    name: "24 hours by hour and agent",
    screen: "Explore: the chart",
    path: ({ end }) =>
      `/api/spend?${range(end - DAY, end)}&tz=UTC&interval=hour&group_by=agent&figures=cost_usd,calls`,
    check: "formula",
  },
  {
    name: "30 days by day in Asia/Kathmandu",
    screen: "Explore: the chart's total",
    path: ({ dayEnd }) => {
      const to = dayEnd - KATHMANDU_SECONDS + DAY;
      return `/api/spend?${range(to - DATA_DAYS * DAY, to)}&tz=Asia/Kathmandu&interval=day&figures=cost_usd,calls`;
    },
    check: "formula",
  },
  {
    name: "30 days of sessions, the dearest 100",
    screen: "Sessions, Overview: the list",
    path: (clock) => `/api/sessions?${thirtyDays(clock)}&sort=-cost&limit=100`,
    check: "sessions",
  },
  {
    name: "30 days of calls, the newest 100",
    screen: "Calls: the list",
    path: (clock) => `/api/calls?${thirtyDays(clock)}&limit=100`,
    check: "calls",
  },
  {
    name: "30 days of one user's calls, the newest 100",
    screen: "Calls: the list with a filter",
    path: (clock) => `/api/calls?${thirtyDays(clock)}&filter.user=user-100&limit=100`,
    check: "calls",
  },
  {
    name: "month to date by day of one agent",
    screen: "Budgets: the burn-down",
    path: (clock) =>
      `/api/spend?${range(clock.monthStart, clock.dayEnd)}&tz=UTC&interval=day&filter.agent=agent-3&figures=cost_usd,calls`,
    check: "ties",
  },
];

/** The clock of some data. */
export function clockOf({ endSeconds }: NamedData): Clock {
  const dayEnd = Math.ceil(endSeconds / DAY) * DAY;
  const last = new Date((dayEnd - 1) * 1000);
  const monthStart = Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), 1) / 1000;
  return { end: endSeconds, dayEnd, monthStart };
}
