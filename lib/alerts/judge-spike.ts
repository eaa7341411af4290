import { divideHalfEven, type FemtoUsd } from "@/lib/money";

/** What an hour is judged by, in femto-dollars. */
export interface SpikeHours {
  /** The last 60 minutes. */
  lastUsd: FemtoUsd;
  /** Complete hours before them, at most 24; null: the project sent nothing, which says nothing of what is usual. */
  dayUsd: readonly (FemtoUsd | null)[];
  /** The same hour of the days before; null as above. */
  daysUsd: readonly (FemtoUsd | null)[];
  /** The same hour of the week, in the weeks before; null as above. */
  weeksUsd: readonly (FemtoUsd | null)[];
}

/** From when on an hour is a spike. */
export interface SpikeRule {
  floorUsd: FemtoUsd;
  /** Of what is usual; hundredths count. */
  multiple: number;
}

/**
 * Whether the last hour is a spike. `near`: it is none, and one that was told is not over; `below`: that is over;
 * `unknown`: too few hours are known.
 */
export type SpikeVerdict =
  | { verdict: "near" | "below" | "unknown" }
  | {
      verdict: "spike";
      /** The largest of what may be called usual, rounded once. */
      usualUsd: FemtoUsd;
      /** The mean of the same hour of the weeks before; null: there are too few. */
      weeklyUsd: FemtoUsd | null;
      /** Of the usual, in hundredths rounded down; null: nothing was spent before. */
      multiple: number | null;
    };

/** With fewer hours a mean is an accident. */
const LEAST_HOURS = 6;
/** In the third week two weeks are known; one alone may have been an accident itself. */
const LEAST_WEEKS = 2;
/** A habit is what two days did: one may have been a spike itself. */
const HABIT_DAYS = 2;
/** What wavers around the bar is one spike: it is over below half of it. */
const OVER_SHARE = 2n;
/** After its end, ms. */
const TELL_AGAIN_MS = 3_600_000;

/** A mean that is not divided yet: comparisons of it are exact. */
interface Mean {
  sumUsd: FemtoUsd;
  count: bigint;
}

/**
 * Judges the last hour: at least the floor, and at least so many times what is usual. Usual is the largest of
 * - the mean of the day before,
 * - the mean of the same hour of the week in the weeks before, from the third week on: a Monday morning is compared with
 *   Monday mornings and not with the Sunday before it,
 * - what the same hour cost on at least two of the three days before: a nightly job is no news on its third night. Not
 *   their mean: that of one runaway would hide the next.
 */
export function judgeSpike(hours: SpikeHours, rule: SpikeRule): SpikeVerdict {
  const { lastUsd } = hours;
  // Asked first: below the floor it is none, however little is known.
  if (lastUsd * OVER_SHARE < rule.floorUsd || lastUsd <= 0n) return { verdict: "below" };
  const day = meanOf(hours.dayUsd, LEAST_HOURS);
  if (!day) return { verdict: "unknown" };
  const weekly = meanOf(hours.weeksUsd, LEAST_WEEKS);
  const usual = [weekly, habitOf(hours.daysUsd)].reduce<Mean>(
    (largest, mean) => (mean && isLarger(mean, largest) ? mean : largest),
    day,
  );
  const bar = usual.sumUsd * BigInt(Math.round(rule.multiple * 100));
  const last = lastUsd * usual.count * 100n;
  if (lastUsd < rule.floorUsd || last < bar) {
    return { verdict: last * OVER_SHARE < bar ? "below" : "near" };
  }
  return {
    verdict: "spike",
    usualUsd: rounded(usual),
    weeklyUsd: weekly && rounded(weekly),
    multiple: usual.sumUsd > 0n ? Number(last / usual.sumUsd) / 100 : null,
  };
}

/** Whether a spike may be told, knowing the last one of the same: one that is over long enough, or none. */
export function mayTellSpike(last: { resolvedAtMs: number | null } | null, atMs: number): boolean {
  if (!last) return true;
  return last.resolvedAtMs !== null && atMs - last.resolvedAtMs >= TELL_AGAIN_MS;
}

function meanOf(hours: readonly (FemtoUsd | null)[], least: number): Mean | null {
  const known = hours.filter((usd) => usd !== null);
  if (known.length < least) return null;
  return { sumUsd: known.reduce((sum, usd) => sum + usd, 0n), count: BigInt(known.length) };
}

/** The second dearest: two days cost at least that. */
function habitOf(days: readonly (FemtoUsd | null)[]): Mean | null {
  const dearestFirst = days.filter((usd) => usd !== null).sort((a, b) => (a > b ? -1 : 1));
  const habit = dearestFirst[HABIT_DAYS - 1];
  return habit === undefined ? null : { sumUsd: habit, count: 1n };
}

const isLarger = (one: Mean, other: Mean): boolean =>
  one.sumUsd * other.count > other.sumUsd * one.count;

const rounded = ({ sumUsd, count }: Mean): FemtoUsd => divideHalfEven(sumUsd, count);
