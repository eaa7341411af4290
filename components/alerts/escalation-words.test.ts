import { expect, test } from "vitest";
import { listEscalation } from "@/components/alerts/escalation-rows";
import { sayChange } from "@/components/alerts/escalation-words";
import { makeAlert } from "@/components/alerts/testing/make-alert";
import type { BudgetChangeAnswer } from "@/lib/budgets/budget-answer-schemas";

const unlock: BudgetChangeAnswer = {
  at: "2026-11-03T10:00:00.000Z",
  by: "Ada",
  kind: "unlocked",
  reason: "launch day",
  value: "user-1",
  period: null,
  changed: [],
  opens_period: false,
};

test("who unlocked a budget and why is said, with the value where it has several", () => {
  expect(sayChange(unlock, false).text).toBe("Ada unlocked it: launch day");
  expect(sayChange(unlock, true).text).toBe("Ada unlocked user-1: launch day");
  expect(sayChange({ ...unlock, value: null }, true).text).toBe(
    "Ada unlocked one of its values: launch day",
  );
});

test("a changed limit is said with what follows from it", () => {
  const change = { ...unlock, kind: "updated" as const, changed: ["limit_usd", "mode"] };
  expect(sayChange({ ...change, opens_period: true }, false).text).toBe(
    "Ada changed its limit in dollars, mode. Stages that were passed tell and act anew.",
  );
  expect(sayChange(change, false).text).toBe("Ada changed its limit in dollars, mode.");
});

test("alerts and changes are one history, and what lies before the loaded alerts waits for them", () => {
  const at = (day: number) => `2026-11-0${day}T10:00:00.000Z`;
  const alerts = [4, 2].map((day) => makeAlert({ id: `${day}`, opened_at: at(day) }));
  const changes = [5, 3, 1].map((day) => ({ ...unlock, at: at(day) }));
  const days = (hasMore: boolean) =>
    listEscalation(alerts, changes, hasMore).map(({ atMs }) => new Date(atMs).getUTCDate());
  expect(days(false)).toEqual([5, 4, 3, 2, 1]);
  expect(days(true)).toEqual([5, 4, 3, 2]);
});
