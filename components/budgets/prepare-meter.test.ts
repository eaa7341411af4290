import fc from "fast-check";
import { expect, test } from "vitest";
import { type MeterInput, prepareMeters, sayPercent } from "@/components/budgets/prepare-meter";
import { formatUsd } from "@/lib/money";

const NOTHING = { usd: "0", tokens: 0, calls: 0, tool_calls: 0, seconds: 0 };
const UNLIMITED: MeterInput = {
  limit_usd: null,
  limit_tokens: null,
  limit_calls: null,
  limit_tool_calls: null,
  limit_seconds: null,
  spent: NOTHING,
  reserved: NOTHING,
  forecast_usd: null,
};

test("a meter says its share, what is spent of what, what is held and what it will come to", () => {
  const [meter] = prepareMeters({
    ...UNLIMITED,
    limit_usd: "2000",
    spent: { ...NOTHING, usd: "1240.00" },
    reserved: { ...NOTHING, usd: "60" },
    forecast_usd: "2310",
  });
  expect(meter?.words).toBe("62 % · $1,240 of $2,000 · $60 held · forecast $2,310");
  expect(meter?.exact).toBe("$1240 spent, $60 held, limit $2000");
  expect([meter?.spentWidth, meter?.heldWidth]).toEqual([0.62, 0.03]);
});

test("what is still being counted is a dash, and no zero", () => {
  const counting = { ...UNLIMITED, limit_usd: "2000", limit_calls: 7, spent: null, reserved: null };
  const meters = prepareMeters(counting);
  expect(meters.map(({ words }) => words)).toEqual(["— of $2,000", "— of 7 calls"]);
  expect(meters[0]).toMatchObject({ percent: "—", spentWidth: 0, heldWidth: 0 });
});

test("a small limit keeps the digits that a call takes of it", () => {
  const [meter] = prepareMeters({
    ...UNLIMITED,
    limit_usd: "0.5",
    spent: { ...NOTHING, usd: "0.000123" },
  });
  expect(meter?.words).toBe("<1 % · $0.000123 of $0.50");
});

test("each limit has its meter, and the nearest to its end stands first", () => {
  const meters = prepareMeters({
    ...UNLIMITED,
    limit_usd: "10",
    limit_tokens: 20_000,
    limit_calls: 1,
    limit_tool_calls: 15,
    limit_seconds: 120,
    spent: { usd: "1", tokens: 5_000, calls: 0, tool_calls: 14, seconds: 90 },
    reserved: { ...NOTHING, calls: 1 },
  });
  expect(meters.map(({ words }) => words)).toEqual([
    "0 % · 0 of 1 calls · 1 held",
    "93 % · 14 of 15 tool calls",
    "75 % · 1 min 30 s of 2 min",
    "25 % · 5,000 of 20,000 tokens",
    "10 % · $1 of $10",
  ]);
});

test("a limit that is not reached never reads 100 %, and its bar is never wider than the limit", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 22n), fc.bigInt(1n, 10n ** 22n), (spent, limit) => {
      const percent = sayPercent(spent, limit);
      if (spent < limit) expect(percent).not.toMatch(/^\d{3}/);
      else expect(percent).toMatch(/^[\d,]{3,} %$/);
      const [meter] = prepareMeters({
        ...UNLIMITED,
        limit_usd: formatUsd(limit),
        spent: { ...NOTHING, usd: formatUsd(spent) },
        reserved: { ...NOTHING, usd: formatUsd(limit) },
      });
      const width = (meter?.spentWidth ?? 0) + (meter?.heldWidth ?? 0);
      expect(width).toBeLessThanOrEqual(1);
    }),
  );
});

test("of a limit of nothing everything is gone", () => {
  expect(prepareMeters({ ...UNLIMITED, limit_calls: 0 })[0]?.percent).toBe("100 %");
});
