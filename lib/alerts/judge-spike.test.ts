import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeSpike, mayTellSpike, type SpikeHours } from "@/lib/alerts/judge-spike";
import { dearestHour, earlierWindows, hourWindows } from "@/lib/alerts/spike-windows";
import { FEMTO_PER_USD } from "@/lib/money";

const usd = (dollars: number): bigint => BigInt(Math.round(dollars * 1e6)) * 10n ** 9n;
const RULE = { floorUsd: FEMTO_PER_USD, multiple: 3 };
const day = (dollars: number, hours = 24): bigint[] =>
  Array.from({ length: hours }, () => usd(dollars));
const judge = (hours: Partial<SpikeHours> & { lastUsd: bigint }, rule = RULE) =>
  judgeSpike({ dayUsd: day(1), daysUsd: [], weeksUsd: [], ...hours }, rule);

test("three times the mean of the day is a spike to the last digit, and a femto-dollar less is none", () => {
  expect(judge({ lastUsd: usd(3) })).toEqual({
    verdict: "spike",
    usualUsd: usd(1),
    weeklyUsd: null,
    multiple: 3,
  });
  expect(judge({ lastUsd: usd(3) - 1n }).verdict).toBe("near");
  // A mean that does not divide is not rounded before it is compared.
  const dayUsd = [1n, 1n, 1n, 1n, 1n, 2n].map((one) => one * FEMTO_PER_USD);
  expect(judge({ dayUsd, lastUsd: (7n * FEMTO_PER_USD) / 2n }).verdict).toBe("spike");
  expect(judge({ dayUsd, lastUsd: (7n * FEMTO_PER_USD) / 2n - 1n }).verdict).toBe("near");
});

test("below the floor nothing is a spike, whatever the multiple", () => {
  expect(judge({ dayUsd: day(0.01), lastUsd: usd(1) }).verdict).toBe("spike");
  expect(judge({ dayUsd: day(0.01), lastUsd: usd(1) - 1n }).verdict).toBe("near");
});

test("with fewer than six hours of data nothing is known; gaps are no zeros", () => {
  const gaps = Array.from({ length: 18 }, () => null);
  expect(judge({ dayUsd: [...gaps, ...day(1, 6)], lastUsd: usd(2.9) }).verdict).toBe("near");
  expect(judge({ dayUsd: [...gaps, ...day(1, 6)], lastUsd: usd(3) }).verdict).toBe("spike");
  expect(judge({ dayUsd: [...gaps, null, ...day(1, 5)], lastUsd: usd(1e6) }).verdict).toBe(
    "unknown",
  );
});

test("what cost nothing while the project was sending has no multiple, and is told", () => {
  expect(judge({ dayUsd: day(0), lastUsd: usd(5) })).toMatchObject({
    verdict: "spike",
    usualUsd: 0n,
    multiple: null,
  });
});

test("two earlier weeks count, one does not; the larger mean is what is usual", () => {
  expect(judge({ weeksUsd: [usd(10)], lastUsd: usd(4) }).verdict).toBe("spike");
  expect(judge({ weeksUsd: [usd(10), null, usd(2)], lastUsd: usd(4) }).verdict).toBe("below");
  expect(judge({ weeksUsd: [usd(0.1), usd(0.3)], lastUsd: usd(4) })).toMatchObject({
    verdict: "spike",
    usualUsd: usd(1),
    weeklyUsd: usd(0.2),
  });
});

test("what two of three days did is a habit, what one did is not", () => {
  expect(judge({ daysUsd: [usd(30), usd(30), usd(1)], lastUsd: usd(31) }).verdict).toBe("below");
  expect(judge({ daysUsd: [usd(30), usd(1), usd(1)], lastUsd: usd(31) }).verdict).toBe("spike");
  expect(judge({ daysUsd: [usd(30), null, null], lastUsd: usd(31) }).verdict).toBe("spike");
});

test("a spike is over below half of the bar, and may be told again an hour after its end", () => {
  expect(judge({ lastUsd: usd(1.5) }).verdict).toBe("near");
  expect(judge({ lastUsd: usd(1.5) - 1n }).verdict).toBe("below");
  expect(judge({ lastUsd: 0n }).verdict).toBe("below");
  expect(mayTellSpike(null, 0)).toBe(true);
  expect(mayTellSpike({ resolvedAtMs: null }, 1e15)).toBe(false);
  expect(mayTellSpike({ resolvedAtMs: 1_000 }, 3_600_999)).toBe(false);
  expect(mayTellSpike({ resolvedAtMs: 1_000 }, 3_601_000)).toBe(true);
});

const amount = fc.bigInt({ min: 0n, max: 10n ** 20n });
const known = fc.option(amount, { nil: null });
const anyHours = fc.record({
  lastUsd: amount,
  dayUsd: fc.array(known, { minLength: 24, maxLength: 24 }),
  daysUsd: fc.array(known, { maxLength: 3 }),
  weeksUsd: fc.array(known, { maxLength: 4 }),
});

test("an hour that costs more is never less of a spike, and what is looked at beside the day only ever calms", () => {
  const order = ["below", "near", "spike"];
  fc.assert(
    fc.property(anyHours, amount, (hours, more) => {
      const verdict = judgeSpike(hours, RULE).verdict;
      const dearer = judgeSpike({ ...hours, lastUsd: hours.lastUsd + more }, RULE).verdict;
      const alone = judgeSpike({ ...hours, daysUsd: [], weeksUsd: [] }, RULE).verdict;
      if (verdict !== "unknown" && dearer !== "unknown") {
        expect(order.indexOf(dearer)).toBeGreaterThanOrEqual(order.indexOf(verdict));
      }
      expect(order.indexOf(alone)).toBeGreaterThanOrEqual(order.indexOf(verdict));
    }),
  );
});

test("the order of hours, days and weeks changes no verdict", () => {
  fc.assert(
    fc.property(anyHours, (hours) => {
      const { lastUsd, dayUsd, daysUsd, weeksUsd } = hours;
      const turned = {
        lastUsd,
        dayUsd: dayUsd.toReversed(),
        daysUsd: daysUsd.toReversed(),
        weeksUsd: weeksUsd.toReversed(),
      };
      expect(judgeSpike(turned, RULE)).toEqual(judgeSpike(hours, RULE));
    }),
  );
});

test("the hours looked at are complete, end before the last sixty minutes, and no minute is in both", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1.6e12, max: 1.9e12 }), (atMs) => {
      const { last, hourStarts } = hourWindows(atMs);
      expect(last.toMs - last.fromMs).toBe(3_600_000);
      expect(atMs - last.toMs).toBeGreaterThanOrEqual(0);
      expect(atMs - last.toMs).toBeLessThan(60_000);
      expect(hourStarts).toHaveLength(24);
      expect(hourStarts.every((ms) => ms % 3_600_000 === 0)).toBe(true);
      const endMs = (hourStarts.at(-1) ?? 0) + 3_600_000;
      expect(endMs).toBeLessThanOrEqual(last.fromMs);
      expect(last.fromMs - endMs).toBeLessThan(3_600_000);
      for (const { fromMs, toMs } of Object.values(earlierWindows(atMs, "UTC")).flat()) {
        expect([fromMs % 900_000, toMs % 900_000]).toEqual([0, 0]);
        expect(toMs).toBeLessThan(last.fromMs);
      }
    }),
  );
});

test("nine o'clock of last week is nine o'clock, though the clocks changed in between", () => {
  // 2026-10-25: Berlin goes from UTC+2 to UTC+1.
  const atMs = Date.parse("2026-10-27T09:00:00+01:00");
  const [week] = earlierWindows(atMs, "Europe/Berlin").weeks;
  expect(week).toEqual({
    fromMs: Date.parse("2026-10-20T07:30:00+02:00"),
    toMs: Date.parse("2026-10-20T09:30:00+02:00"),
  });
});

test("the dearest hour is of four neighbouring quarters", () => {
  expect(dearestHour([1n, 5n, 1n, 1n, 1n, 9n])).toBe(12n);
  expect(dearestHour([7n, 1n])).toBe(8n);
  expect(dearestHour([])).toBe(0n);
});
