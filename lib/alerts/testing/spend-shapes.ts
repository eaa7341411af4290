import { FEMTO_PER_USD } from "@/lib/money";

const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** A Monday's midnight in UTC, with which all shapes begin. */
export const SHAPES_START_MS = Date.UTC(2026, 5, 1);
export const SHAPE_WEEKS = 4;
const MINUTES = SHAPE_WEEKS * WEEK;

/** Four weeks of what something spent, minute by minute: made by a rule, so that each run has the same. */
export interface SpendShape {
  name: string;
  /** What happens in it. */
  about: string;
  /** Femto-dollars of each minute; null: nothing was sent at all. */
  minutes: readonly (bigint | null)[];
  /** From and to which minute somebody must be told; null: nobody is to be told of anything. */
  event: { from: number; to: number } | null;
}

/** A number from 0 to 1 that looks random and is the same in each run. */
function noise(seed: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** About 1: calls come in bursts, and some hours are busier than others. */
function jitter(minute: number, seed: number): number {
  const own = 0.4 + 1.2 * noise(minute * 31 + seed);
  const hourly = 0.8 + 0.4 * noise(Math.floor(minute / HOUR) * 17 + seed + 5);
  return own * hourly;
}

/** Shares of the busiest hour by hour of the day in UTC: people of one continent at work, and what runs at night. */
const OFFICE = [
  8, 7, 7, 7, 8, 12, 25, 55, 85, 95, 100, 98, 80, 90, 100, 95, 85, 60, 40, 30, 25, 18, 12, 10,
];
const WEEKEND_SHARE = 0.3;

const isWeekend = (minute: number): boolean => Math.floor(minute / DAY) % 7 >= 5;

/** Dollars an hour at a minute of an ordinary week. */
function office(minute: number, busiestUsd: number): number {
  const hour = Math.floor(minute / HOUR) % 24;
  // From one hour to the next there is no step.
  const into = (minute % HOUR) / HOUR;
  const share = (OFFICE[hour] ?? 0) * (1 - into) + (OFFICE[(hour + 1) % 24] ?? 0) * into;
  return (busiestUsd * (isWeekend(minute) ? WEEKEND_SHARE : 1) * share) / 100;
}

function makeShape(
  name: string,
  about: string,
  seed: number,
  usdAnHour: (minute: number) => number | null,
  event: SpendShape["event"] = null,
): SpendShape {
  const minutes = Array.from({ length: MINUTES }, (_, minute) => {
    const usd = usdAnHour(minute);
    if (usd === null) return null;
    // Rounded to micro-dollars, which a number holds exactly.
    return (
      BigInt(Math.round((usd / HOUR) * jitter(minute, seed) * 1e6)) * (FEMTO_PER_USD / 1_000_000n)
    );
  });
  return { name, about, minutes, event };
}

/** A minute of the shapes. @param day 0 is the first Monday */
const at = (day: number, hour: number, minute = 0): number => day * DAY + hour * HOUR + minute;
const within = (minute: number, from: number, to: number): boolean => minute >= from && minute < to;

/** When a nightly job starts: about two o'clock. */
const nightly = (minute: number, seed: number): number =>
  Math.floor(minute / DAY) * DAY +
  at(0, 2) +
  Math.round(noise(Math.floor(minute / DAY) + seed) * 20);

function launchFactor(minute: number): number {
  const days = Math.min(3, Math.max(0, (minute - at(15, 9)) / DAY));
  return 10 ** (days / 3);
}

/** The recorded shapes that the rule is held against. */
export function makeSpendShapes(): SpendShape[] {
  const looped = at(17, 14, 13);
  const atNight = at(19, 3, 20);
  const outage = { from: at(16, 9), back: at(16, 15), done: at(16, 21) };
  return [
    makeShape("flat", "A service that runs day and night.", 1, () => 12),
    makeShape("weekday", "People at work; a third of it at weekends.", 2, (m) => office(m, 40)),
    makeShape(
      "deploy",
      "A deploy on the third Tuesday makes each call 40 % dearer, for good.",
      3,
      (m) => office(m, 40) * (m >= at(15, 10) ? 1.4 : 1),
    ),
    makeShape(
      "launch",
      "A launch on the third Tuesday: ten times as much within three days.",
      4,
      (m) => office(m, 20) * launchFactor(m),
    ),
    makeShape(
      "outage",
      "A provider is away for six hours of the third Wednesday; then twice the usual for six hours.",
      5,
      (m) => {
        if (within(m, outage.from, outage.back)) return null;
        return office(m, 40) * (within(m, outage.back, outage.done) ? 2 : 1);
      },
    ),
    makeShape(
      "nightly batch",
      "$30 within 25 minutes at about two each night, $1 an hour else.",
      6,
      (m) => (within(m, nightly(m, 6), nightly(m, 6) + 25) ? 72 : 1),
    ),
    makeShape(
      "weekly report",
      "$20 within an hour each Monday at six, on top of people at work.",
      7,
      (m) => office(m, 10) + (within(m % WEEK, at(0, 6), at(0, 7)) ? 20 : 0),
    ),
    makeShape(
      "runaway by day",
      "People at work; on the third Thursday at 14:13 an agent loops and all costs 20 times as much, for three hours.",
      8,
      (m) => office(m, 40) * (within(m, looped, looped + 3 * HOUR) ? 20 : 1),
      { from: looped, to: looped + 3 * HOUR },
    ),
    makeShape(
      "runaway at night",
      "The same on the third Saturday at 03:20, when little is spent.",
      9,
      (m) => office(m, 40) * (within(m, atNight, atNight + 5 * HOUR) ? 20 : 1),
      { from: atNight, to: atNight + 5 * HOUR },
    ),
    makeShape(
      "slow runaway",
      "A service that runs day and night costs four times as much from the third Thursday on.",
      10,
      (m) => (m >= looped ? 48 : 12),
      { from: looped, to: MINUTES },
    ),
  ];
}

/** The instant at which a minute of the shapes begins, ms since 1970. */
export const instantOfMinute = (minute: number): number => SHAPES_START_MS + minute * MINUTE_MS;
/** The minute of the shapes that begins at an instant. */
export const minuteOfInstant = (ms: number): number => (ms - SHAPES_START_MS) / MINUTE_MS;
/** The week that a minute lies in, from 0. */
export const weekOfMinute = (minute: number): number =>
  Math.min(SHAPE_WEEKS - 1, Math.floor(minute / WEEK));
