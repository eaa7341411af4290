import fc from "fast-check";
import { expect, test } from "vitest";
import { type Limits, NO_AMOUNTS } from "@/lib/budgets/budget";
import {
  forecastPeriod,
  fullnessOf,
  hasReached,
  nextThresholdOf,
  stateOf,
  usedPercent,
} from "@/lib/budgets/budget-state";
import { FEMTO_PER_USD } from "@/lib/money";

const NONE: Limits = { usd: null, tokens: null, calls: null, toolCalls: null, ms: null };
const usd = (femto: bigint, limit: bigint) =>
  fullnessOf({ ...NONE, usd: limit }, { ...NO_AMOUNTS, usd: femto });
const stages = (...percents: number[]) => percents.map((percent) => ({ percent, notify: [] }));

test("a cap is exceeded at its last femto-dollar and not before, however large it is", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 2n, max: 10n ** 37n }), (limit) => {
      expect(stateOf(usd(limit, limit), [])).toBe("exceeded");
      expect(stateOf(usd(limit - 1n, limit), [])).not.toBe("exceeded");
      expect(usedPercent(usd(limit - 1n, limit))).toBeLessThan(100);
      expect(usedPercent(usd(limit, limit))).toBe(100);
    }),
  );
});

test("it warns from its lowest threshold below 100 %, or from 80 %", () => {
  const limit = 10n * FEMTO_PER_USD;
  const at = (dollars: bigint, ...percents: number[]) =>
    stateOf(usd(dollars * FEMTO_PER_USD, limit), stages(...percents));
  expect(at(7n)).toBe("ok");
  expect(at(8n)).toBe("warning");
  expect(at(5n, 50, 90)).toBe("warning");
  expect(at(4n, 50, 90)).toBe("ok");
  expect(at(8n, 100, 120)).toBe("warning");
  expect(at(8n, 90)).toBe("ok");
  expect(at(10n, 90)).toBe("exceeded");
});

test("the limit that is nearest counts, and one that is not there never does", () => {
  const limits = { ...NONE, usd: 100n, tokens: 1_000n, ms: 60_000n };
  const spent = { ...NO_AMOUNTS, usd: 50n, tokens: 600n, calls: 10n ** 9n, ms: 30_000n };
  expect(fullnessOf(limits, spent)).toEqual({ measure: "tokens", spent: 600n, limit: 1_000n });
  expect(fullnessOf(NONE, spent).measure).toBeNull();
  expect(stateOf(fullnessOf(NONE, spent), [])).toBe("ok");
  expect(fullnessOf(limits, { ...spent, ms: 59_999n }).measure).toBe("seconds");
});

test("the next threshold is the lowest that is not reached, hundredths of a percent included", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 20n }),
      fc.bigInt({ min: 1n, max: 10n ** 20n }),
      fc.integer({ min: 1, max: 30_000 }),
      (spent, limit, parts) => {
        const fullness = usd(spent, limit);
        const isReached = spent * 10_000n >= limit * BigInt(parts);
        expect(hasReached(fullness, parts / 100)).toBe(isReached);
        expect(nextThresholdOf(fullness, stages(parts / 100))).toBe(isReached ? null : parts / 100);
      },
    ),
  );
  expect(nextThresholdOf(usd(75n, 100n), stages(50, 70, 90, 120))).toBe(90);
});

test("a forecast is what is spent by the time passed, exactly; too early there is none", () => {
  const day = { startMs: 0, endMs: 86_400_000 };
  expect(forecastPeriod(3n, day, 3_600_000)).toBeNull();
  expect(forecastPeriod(FEMTO_PER_USD, day, 21_600_000)).toBe(4n * FEMTO_PER_USD);
  expect(forecastPeriod(7n, day, day.endMs)).toBe(7n);
  // A period that is over is forecast as it was.
  expect(forecastPeriod(7n, day, day.endMs * 2)).toBe(7n);
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.integer({ min: 4_320_000, max: 86_400_000 }),
      (spent, nowMs) => {
        const forecast = forecastPeriod(spent, day, nowMs) ?? -1n;
        // Rounded once: at most half a femto-dollar from the quotient.
        const error = 2n * (forecast * BigInt(nowMs) - spent * 86_400_000n);
        expect(error <= BigInt(nowMs) && error >= -BigInt(nowMs)).toBe(true);
        expect(forecast).toBeGreaterThanOrEqual(spent);
      },
    ),
  );
});
