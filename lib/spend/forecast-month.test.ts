import fc from "fast-check";
import { expect, test } from "vitest";
import { FEMTO_PER_USD } from "@/lib/money";
import { forecastMonth, type MonthSpend } from "@/lib/spend/forecast-month";
import { addDays, startOfDay, toLocalTime, weekdayOf } from "@/lib/zone-time";

const ZONES = ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Chatham", "Europe/Berlin"];
const usd = (dollars: number) => BigInt(Math.round(dollars * 100)) * (FEMTO_PER_USD / 100n);

/** A month whose day of `back` days ago (1: yesterday) cost so much. */
function monthOf(
  now: string,
  timeZone: string,
  back: number,
  costOf: (weekday: number, back: number) => bigint,
): MonthSpend {
  const nowMs = Date.parse(now);
  const today = toLocalTime(nowMs, timeZone);
  const days = new Map<number, bigint>();
  let spent = 0n;
  for (let i = 1; i <= back; i += 1) {
    const day = addDays(today, -i);
    const cost = costOf(weekdayOf(day), i);
    days.set(startOfDay(day, timeZone), cost);
    if (day.month === today.month) spent += cost;
  }
  const firstDayMs = startOfDay(addDays(today, -back - 1), timeZone);
  return { nowMs, timeZone, spentFemtoUsd: spent, firstDayMs, days };
}

test("days that all cost the same make a month of that, without a doubt", () => {
  for (const timeZone of ZONES) {
    const noon = monthOf("2026-04-10T12:00:00Z", timeZone, 40, () => usd(7));
    const forecast = forecastMonth(noon);
    // Thirty days, of which nothing is known to be spent today, and only what is left of it is to come.
    expect(forecast?.middleFemtoUsd).toBeGreaterThan(29n * usd(7));
    expect(forecast?.middleFemtoUsd).toBeLessThan(30n * usd(7));
    expect(forecast?.lowFemtoUsd).toBe(forecast?.middleFemtoUsd);
    expect(forecast?.highFemtoUsd).toBe(forecast?.middleFemtoUsd);
    expect(forecast?.basisDays).toBe(28);
  }
});

test("a weekend without spending is forecast as one", () => {
  // From Monday, 2026-06-01, at midnight: 22 working days lie in June.
  const month = monthOf("2026-06-01T00:00:00Z", "UTC", 40, (weekday) =>
    weekday >= 6 ? 0n : usd(10),
  );
  expect(forecastMonth(month)?.middleFemtoUsd).toBe(22n * usd(10));
});

test("less than two weeks are not told apart by weekday, and less than three days tell nothing", () => {
  const at = (days: number) =>
    forecastMonth(monthOf("2026-04-20T00:00:00Z", "UTC", days, (_, back) => usd(back)));
  expect(at(2)).toBeNull();
  expect(at(3)).toMatchObject({ basisDays: 3, isByWeekday: false });
  expect(at(13)).toMatchObject({ basisDays: 13, isByWeekday: false });
  expect(at(14)).toMatchObject({ basisDays: 14, isByWeekday: true });
});

test("a day of which no cost is known is no day of nothing", () => {
  const month = monthOf("2026-04-10T00:00:00Z", "UTC", 10, () => usd(7));
  const [unknown = 0] = month.days.keys();
  const days = new Map([...month.days, [unknown, null] as const]);
  const forecast = forecastMonth({ ...month, days });
  expect(forecast?.basisDays).toBe(9);
  expect(forecast?.middleFemtoUsd).toBe(month.spentFemtoUsd + 21n * usd(7));
});

test("the band holds the middle, and never begins below what is spent", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: Date.parse("2025-01-01"), max: Date.parse("2027-12-31") }),
      fc.array(fc.bigInt({ min: 0n, max: 10n ** 21n }), { minLength: 3, maxLength: 40 }),
      (timeZone, nowMs, costs) => {
        const now = new Date(nowMs).toISOString();
        const month = monthOf(now, timeZone, costs.length, (_, back) => costs[back - 1] ?? 0n);
        const forecast = forecastMonth(month);
        if (!forecast) throw new Error("three days are enough");
        expect(forecast.lowFemtoUsd).toBeGreaterThanOrEqual(month.spentFemtoUsd);
        expect(forecast.lowFemtoUsd).toBeLessThanOrEqual(forecast.middleFemtoUsd);
        expect(forecast.highFemtoUsd).toBeGreaterThanOrEqual(forecast.middleFemtoUsd);
      },
    ),
  );
});

test("four of five months of scattering days end inside the band", () => {
  // A generator of our own, so that the share is the same in every run.
  let seed = 42;
  const chance = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const day = () => usd(50 + 20 * (chance() + chance() + chance() + chance() - 2));
  let inside = 0;
  const months = 400;
  for (let i = 0; i < months; i += 1) {
    const month = monthOf("2026-06-11T00:00:00Z", "UTC", 40, day);
    const forecast = forecastMonth(month);
    let end = month.spentFemtoUsd;
    for (let left = 0; left < 20; left += 1) end += day();
    if (forecast && end >= forecast.lowFemtoUsd && end <= forecast.highFemtoUsd) inside += 1;
  }
  expect(inside / months).toBeGreaterThan(0.72);
  expect(inside / months).toBeLessThan(0.88);
});
