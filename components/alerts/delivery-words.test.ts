import { expect, test } from "vitest";
import { sayClock, sayDelivery, sayUntold } from "@/components/alerts/delivery-words";
import { makeAlert, makeDelivery } from "@/components/alerts/testing/make-alert";

const CLOCK = { nowMs: Date.parse("2026-11-22T12:05:00Z"), timeZone: "Europe/Berlin" };

test("each state of a delivery is told apart, with its time and its reason", () => {
  const says = (change: Parameters<typeof makeDelivery>[0]) =>
    sayDelivery(makeDelivery(change), CLOCK);
  expect(says({})).toBe("sent 13:04");
  expect(says({ resends: 1 })).toBe("sent 13:04, sent again once");
  expect(
    says({ state: "pending", last_error: "503", due_at: "2026-11-22T12:06:00Z", sent_at: null }),
  ).toBe("retrying at 13:06 after “503”");
  expect(
    says({ state: "pending", last_error: "503", due_at: "2026-11-22T12:04:00Z", sent_at: null }),
  ).toBe("retrying now after “503”");
  expect(says({ state: "pending", attempts: 0, sent_at: null })).toBe("on its way");
  expect(says({ state: "pending", attempts: 0, due_at: "2026-11-22T12:15:00Z" })).toBe(
    "gathered with others of its stage, goes out at 13:15",
  );
  expect(says({ state: "dead", attempts: 30, last_error: "no answer" })).toBe(
    "given up after 30 tries: “no answer”",
  );
  expect(says({ state: "silenced" })).toMatch(/^silenced/);
  expect(says({ state: "cancelled", last_error: "its channel was removed" })).toBe(
    "cancelled: its channel was removed",
  );
});

test("another day has its date, by the organisation's clock", () => {
  // Half past midnight in Berlin is the day before in UTC.
  const clock = { ...CLOCK, nowMs: Date.parse("2026-11-21T23:30:00Z") };
  expect(sayClock("2026-11-21T23:04:00Z", clock)).toBe("00:04");
  expect(sayClock("2026-11-21T22:04:00Z", clock)).toBe("2026-11-21 23:04");
});

test("nobody told is told apart from not told yet, and says whose channel is missing", () => {
  expect(sayUntold(makeAlert({ deliveries: [makeDelivery()] }))).toBeNull();
  expect(sayUntold(makeAlert({ told_at: null }))).toMatch(/^Being told/);
  expect(sayUntold(makeAlert({ nobody_told: true, audience: ["finance"] }))).toBe(
    "Nobody was told: no channel of finance.",
  );
  expect(sayUntold(makeAlert({ nobody_told: true, audience: ["finance", "engineering"] }))).toBe(
    "Nobody was told: no channel of finance or engineering.",
  );
  expect(sayUntold(makeAlert({ nobody_told: true, audience: [] }))).toMatch(
    /channels that its stage names/,
  );
});
