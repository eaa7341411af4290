import { expect, test } from "vitest";
import { prepareMonth } from "@/components/spend/prepare-month";
import type { SpendAnswer } from "@/components/spend/spend-answer";
import { figuresOf } from "@/components/spend/testing/figures-of";
import { formatUsd } from "@/lib/money";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const DAY_MS = 86_400_000;
const LAST_MONTH = NOW - 30 * DAY_MS;

function answerOf(
  total: Partial<SpendAnswer["total"]>,
  rows: SpendAnswer["rows"] = [],
): SpendAnswer {
  return {
    from: "",
    to: "",
    tz: "UTC",
    interval: "day",
    group_by: [],
    as_of: null,
    fresh_to: null,
    backlog_events: null,
    first_event_at: "2026-01-01T00:00:00Z",
    last_event_at: null,
    total: figuresOf(total),
    rows,
    rest: null,
  };
}

const days = answerOf(
  {},
  Array.from({ length: 29 }, (_, i) => ({
    bucket: new Date(NOW - (i + 1) * DAY_MS).toISOString(),
    ...figuresOf({ cost_usd: "2.5" }),
  })),
);

test("the month so far, its change and what it will come to are of one arithmetic", () => {
  const month = answerOf({ cost_usd: "50", calls: 10, unpriced_calls: 2, partial_calls: 1 });
  const before = answerOf({ cost_usd: "40" });
  const view = prepareMonth({
    month,
    before,
    days,
    nowMs: NOW,
    timeZone: "UTC",
    beforeToMs: LAST_MONTH,
  });
  expect(view.change).toMatchObject({ kind: "changed", difference: 10n ** 16n });
  expect(view.incompleteCalls).toBe(3);
  // Ten days of $2.50 are to come: today has just begun.
  expect(formatUsd(view.forecast?.middleFemtoUsd ?? 0n)).toBe("75");
});

test("where no cost is known, nothing is forecast and nothing is compared", () => {
  const month = answerOf({ cost_usd: null, calls: 3, unpriced_calls: 3 });
  const before = answerOf({ cost_usd: "40" });
  const view = prepareMonth({
    month,
    before,
    days,
    nowMs: NOW,
    timeZone: "UTC",
    beforeToMs: LAST_MONTH,
  });
  expect(view).toMatchObject({ costUsd: null, change: null, forecast: null });
});

test("before there are three whole days, nothing is forecast", () => {
  const young = { ...days, first_event_at: new Date(NOW - 2 * DAY_MS).toISOString() };
  const month = answerOf({ cost_usd: "5" });
  const view = prepareMonth({
    month,
    before: null,
    days: young,
    nowMs: NOW,
    timeZone: "UTC",
    beforeToMs: LAST_MONTH,
  });
  expect(view.forecast).toBeNull();
});

test("days before the first event are not a month of nothing", () => {
  const young = { ...days, first_event_at: new Date(NOW - 29 * DAY_MS).toISOString() };
  const month = answerOf({ cost_usd: "5" });
  const before = answerOf({ cost_usd: "0" });
  const asked = { month, before, nowMs: NOW, timeZone: "UTC", beforeToMs: LAST_MONTH };
  expect(prepareMonth({ ...asked, days: young })).toMatchObject({
    change: null,
    isFirstMonth: true,
  });
  expect(prepareMonth({ ...asked, days })).toMatchObject({
    change: { kind: "changed" },
    isFirstMonth: false,
  });
});

test("what has no whole price is a share of the calls, and where it is more than all of them a number", () => {
  const asked = { before: null, days, nowMs: NOW, timeZone: "UTC", beforeToMs: LAST_MONTH };
  const shareOf = (total: Partial<SpendAnswer["total"]>) =>
    prepareMonth({ ...asked, month: answerOf(total) }).incompleteShare;
  expect(shareOf({ calls: 10, unpriced_calls: 2, partial_calls: 1 })).toBe("30.0 %");
  expect(shareOf({ calls: 10 })).toBe("0.0 %");
  // Tools that used a model count as unpriced, and are no calls.
  expect(shareOf({ calls: 0, unpriced_calls: 5 })).toBe("5 events");
  expect(shareOf({ calls: 2, unpriced_calls: 5 })).toBe("5 events");
  expect(shareOf({ calls: 0 })).toBeNull();
});
