import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeForecast } from "@/lib/alerts/judge-forecast";
import { isShareTooLarge, sharePercent } from "@/lib/alerts/judge-unpriced";
import { FEMTO_PER_USD } from "@/lib/money";

const DAY = 86_400_000;
const period = { startMs: 0, endMs: 10 * DAY };
const RULE = { floorUsd: FEMTO_PER_USD };
const judge = (spent: bigint, limit: bigint, days: number, rule = RULE) =>
  judgeForecast({ spentUsd: spent, limitUsd: limit, period, nowMs: days * DAY }, rule);
const usd = (dollars: bigint): bigint => dollars * FEMTO_PER_USD;

test("a rate that comes to more than the limit tells when it runs out, to the last digit", () => {
  expect(judge(usd(6n), usd(10n), 5)).toEqual({
    verdict: "short",
    forecastUsd: usd(12n),
    runsOutAtMs: Math.ceil((5 * DAY * 10) / 6),
  });
  expect(judge(usd(5n), usd(10n), 5)).toEqual({ verdict: "near" });
  expect(judge(usd(5n) + 1n, usd(10n), 5).verdict).toBe("short");
});

test("a forecast is over below nine tenths of the limit, and where the limit is spent", () => {
  expect(judge(45n * 10n ** 14n, usd(10n), 5).verdict).toBe("near");
  expect(judge(45n * 10n ** 14n - 1n, usd(10n), 5).verdict).toBe("enough");
  expect(judge(usd(10n), usd(10n), 5).verdict).toBe("enough");
  expect(judge(0n, usd(10n), 5).verdict).toBe("enough");
});

test("nothing is told before a twentieth of the period, nor below the floor", () => {
  expect(judge(usd(9n), usd(10n), 0.49).verdict).toBe("near");
  expect(judge(usd(9n), usd(10n), 0.5).verdict).toBe("short");
  expect(judge(usd(9n), usd(10n), 5, { floorUsd: usd(18n) }).verdict).toBe("short");
  expect(judge(usd(9n), usd(10n), 5, { floorUsd: usd(18n) + 1n }).verdict).toBe("near");
});

test("who is told has not run out yet, and runs out before the period's end", () => {
  const amount = fc.bigInt({ min: 1n, max: 10n ** 20n });
  fc.assert(
    fc.property(amount, amount, fc.integer({ min: 1, max: 10 * DAY }), (spent, limit, nowMs) => {
      const judged = judgeForecast({ spentUsd: spent, limitUsd: limit, period, nowMs }, RULE);
      if (judged.verdict !== "short") return;
      expect(judged.forecastUsd).toBeGreaterThan(limit);
      expect(judged.runsOutAtMs).toBeGreaterThan(nowMs);
      expect(judged.runsOutAtMs).toBeLessThanOrEqual(period.endMs);
    }),
  );
});

test("a share is too large above the rule's and not at it, of twenty calls and more", () => {
  const rule = { share_percent: 5 };
  expect(isShareTooLarge({ calls: 100, unpricedCalls: 5 }, rule)).toBe(false);
  expect(isShareTooLarge({ calls: 100, unpricedCalls: 6 }, rule)).toBe(true);
  expect(isShareTooLarge({ calls: 10_000, unpricedCalls: 501 }, { share_percent: 5.01 })).toBe(
    false,
  );
  expect(isShareTooLarge({ calls: 10_000, unpricedCalls: 502 }, { share_percent: 5.01 })).toBe(
    true,
  );
  expect(isShareTooLarge({ calls: 19, unpricedCalls: 19 }, rule)).toBe(false);
  expect(isShareTooLarge({ calls: 20, unpricedCalls: 19 }, rule)).toBe(true);
  expect(sharePercent({ calls: 3, unpricedCalls: 2 })).toBe(66.66);
  expect(sharePercent({ calls: 0, unpricedCalls: 0 })).toBe(0);
});
