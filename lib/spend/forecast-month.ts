import { divideHalfEven, type FemtoUsd } from "@/lib/money";
import { addDays, startOfDay, toLocalTime, weekdayOf } from "@/lib/zone-time";

/** What a month will probably come to, in femto-dollars, and what that is based on. */
export interface MonthForecast {
  lowFemtoUsd: FemtoUsd;
  middleFemtoUsd: FemtoUsd;
  /** Four of five months of such days end between the low and the high figure. */
  highFemtoUsd: FemtoUsd;
  /** Complete days it is based on, the latest ones. */
  basisDays: number;
  /** Whether each weekday was looked at for itself. */
  isByWeekday: boolean;
}

export interface MonthSpend {
  nowMs: number;
  /** IANA zone of the calendar. */
  timeZone: string;
  /** Spent this month so far. */
  spentFemtoUsd: FemtoUsd;
  /** Start of the day of the first event ever, in ms since 1970: what was before it was not "nothing spent". */
  firstDayMs: number;
  /**
   * Spent by local day, by the start of the day in ms since 1970; a day that is not there spent nothing, and what a day
   * of null spent is not known: it is no basis.
   */
  days: ReadonlyMap<number, FemtoUsd | null>;
}

/** Four weeks: long enough for every weekday, short enough to follow a change. */
const MAX_BASIS_DAYS = 28;
/** Under two weeks a weekday is one day, which is chance. */
const MIN_WEEKDAY_DAYS = 14;
const MIN_BASIS_DAYS = 3;
/** Half the width of an interval that holds 80 % of a normal distribution, in standard deviations, x 10,000. */
const WIDTH = 12_816n;
const WIDTH_SCALE = 10_000n;
/** Days are counted in thousandths, so that today counts by what is left of it. */
const DAY_PARTS = 1_000n;

/**
 * Forecasts the current month: what was spent, and for each day that is left the mean of its weekday in the last four
 * weeks (of all days, where there are less than two weeks). The band is the prediction interval of a sum of days that
 * scatter as those did about their means, the doubt in the means included: variance s² (k + k²/n) for k days to come and
 * n days seen. It never begins below what is already spent.
 * @returns null with fewer than three complete days: a figure from less would be made up.
 */
export function forecastMonth(month: MonthSpend): MonthForecast | null {
  const { nowMs, timeZone, spentFemtoUsd } = month;
  const basis = listBasis(month);
  if (basis.length < MIN_BASIS_DAYS) return null;
  const isByWeekday = basis.length >= MIN_WEEKDAY_DAYS;
  const meanOf = createMeans(basis, isByWeekday);

  let expectedParts = 0n;
  let parts = 0n;
  for (const { weekday, leftParts } of listDaysLeft(nowMs, timeZone)) {
    expectedParts += meanOf(weekday) * leftParts;
    parts += leftParts;
  }
  const expected = divideHalfEven(expectedParts, DAY_PARTS);

  const squares = basis.reduce((sum, day) => sum + (day.femtoUsd - meanOf(day.weekday)) ** 2n, 0n);
  const n = BigInt(basis.length);
  // Each mean takes a degree of freedom; s² (k + k²/n) with k in thousandths of a day.
  const freedom = n - (isByWeekday ? 7n : 1n);
  const variance =
    (squares * (parts * DAY_PARTS * n + parts ** 2n)) / (freedom * n * DAY_PARTS ** 2n);
  const halfWidth = (squareRoot(variance) * WIDTH) / WIDTH_SCALE;
  const middle = spentFemtoUsd + expected;
  return {
    lowFemtoUsd: halfWidth > expected ? spentFemtoUsd : middle - halfWidth,
    middleFemtoUsd: middle,
    highFemtoUsd: middle + halfWidth,
    basisDays: basis.length,
    isByWeekday,
  };
}

interface BasisDay {
  weekday: number;
  femtoUsd: FemtoUsd;
}

/** The last complete days since the first event, latest first. */
function listBasis({ nowMs, timeZone, firstDayMs, days }: MonthSpend): BasisDay[] {
  const today = toLocalTime(nowMs, timeZone);
  const basis: BasisDay[] = [];
  for (let back = 1; back <= MAX_BASIS_DAYS; back += 1) {
    const day = addDays(today, -back);
    const startMs = startOfDay(day, timeZone);
    // The first day began somewhere in its middle.
    if (startMs <= firstDayMs) break;
    const femtoUsd = days.has(startMs) ? days.get(startMs) : 0n;
    if (femtoUsd != null) basis.push({ weekday: weekdayOf(day), femtoUsd });
  }
  return basis;
}

function createMeans(basis: readonly BasisDay[], isByWeekday: boolean) {
  const mean = (days: readonly BasisDay[]): FemtoUsd =>
    divideHalfEven(
      days.reduce((sum, day) => sum + day.femtoUsd, 0n),
      BigInt(days.length),
    );
  const all = mean(basis);
  if (!isByWeekday) return () => all;
  const means = new Map<number, FemtoUsd>();
  for (const { weekday } of basis) {
    if (means.has(weekday)) continue;
    means.set(weekday, mean(basis.filter((day) => day.weekday === weekday)));
  }
  return (weekday: number) => means.get(weekday) ?? all;
}

/** Today and the days of the month after it, and how much of each is to come. */
function listDaysLeft(nowMs: number, timeZone: string): { weekday: number; leftParts: bigint }[] {
  const today = toLocalTime(nowMs, timeZone);
  const left: { weekday: number; leftParts: bigint }[] = [];
  for (let day = today; day.month === today.month; day = addDays(day, 1)) {
    const startMs = startOfDay(day, timeZone);
    const endMs = startOfDay(addDays(day, 1), timeZone);
    const share = (endMs - Math.max(startMs, nowMs)) / (endMs - startMs);
    left.push({
      weekday: weekdayOf(day),
      leftParts: BigInt(Math.round(share * Number(DAY_PARTS))),
    });
  }
  return left;
}

/** The whole part of a square root (Newton's method, which ends for whole numbers). */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << (BigInt(value.toString(2).length) / 2n + 1n);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
