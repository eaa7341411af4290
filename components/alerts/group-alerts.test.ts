import { expect, test } from "vitest";
import { groupAlerts, isGroup } from "@/components/alerts/group-alerts";
import { makeAlert } from "@/components/alerts/testing/make-alert";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";

const facts = (used_percent: number, percent = 70) => ({
  kind: "threshold",
  budget_name: "Each user",
  scope: "user",
  window: "month",
  measure: "usd",
  spent: "7",
  limit: "10",
  percent,
  used_percent,
  mode: "observe",
  action: null,
  period: null,
  next: null,
});
const crossing = (value: string, used: number, change: Partial<AlertAnswer> = {}): AlertAnswer =>
  makeAlert({ id: `alert of ${value}`, value, facts: facts(used), ...change });

test("many values that passed one stage are one fold, at the place of the latest, and nothing is lost", () => {
  const other = makeAlert({ id: "other", kind: "spike" });
  const alerts = [
    crossing("a", 90),
    other,
    crossing("b", 300),
    crossing("c", 80),
    crossing("d", 71),
  ];
  const [group, ...rest] = groupAlerts(alerts);
  expect(rest).toEqual([other]);
  if (!group || !isGroup(group)) throw new Error("it is not folded");
  expect(group.alerts.map(({ value }) => value)).toEqual(["a", "b", "c", "d"]);
  expect(group.fullest).toEqual([
    { value: "b", usedPercent: 300 },
    { value: "a", usedPercent: 90 },
    { value: "c", usedPercent: 80 },
  ]);
});

test("two values, another stage, another budget, and values one may not see stay by themselves", () => {
  const alerts = [
    crossing("a", 90),
    crossing("b", 90),
    crossing("c", 130, { facts: facts(130, 120), percent: 70 }),
    crossing("d", 90, { budget_id: "another" }),
    makeAlert({ id: "hidden 1", value: null, facts: null }),
    makeAlert({ id: "hidden 2", value: null, facts: null }),
    makeAlert({ id: "hidden 3", value: null, facts: null }),
  ];
  expect(groupAlerts(alerts)).toEqual(alerts);
});

test("a fold says of each channel how many of its notices stand how", () => {
  const delivery = (name: string, state: "sent" | "dead") => ({
    ...{ id: name, attempts: 1, resends: 0, last_error: null, due_at: "", sent_at: null },
    ...{ receipt: null, tries: [], channel: { id: name, name, type: "webhook" as const }, state },
  });
  const [group] = groupAlerts([
    crossing("a", 90, { deliveries: [delivery("lead", "sent")] }),
    crossing("b", 90, { deliveries: [delivery("lead", "sent"), delivery("finance", "dead")] }),
    crossing("c", 90, { deliveries: [delivery("lead", "dead")] }),
  ]);
  expect(group && isGroup(group) && group.told).toEqual([
    {
      channel: "lead",
      states: [
        ["sent", 2],
        ["dead", 1],
      ],
    },
    { channel: "finance", states: [["dead", 1]] },
  ]);
});

test("stages that one jump passed stand with the highest first, and later alerts before them", () => {
  const at = (percent: number, opened_at: string) =>
    makeAlert({ id: `${percent} ${opened_at}`, percent, opened_at });
  const [early, late] = ["2026-11-22T12:00:00.000Z", "2026-11-22T13:00:00.000Z"];
  const alerts = [at(70, late), at(70, early), at(120, early), at(100, early)];
  const ids = groupAlerts(alerts).map((one) => (isGroup(one) ? one.key : one.id));
  expect(ids).toEqual([`70 ${late}`, `120 ${early}`, `100 ${early}`, `70 ${early}`]);
});
