import { expect, test } from "vitest";
import { callsOf, searchOf, stepsQuestion } from "@/components/budgets/budget-question";

const NOVEMBER = { from: "2026-11-01T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z" };
const researcher = {
  scope: "agent",
  value: "researcher",
  project: "default",
  window: "month",
  period: NOVEMBER,
  tz: "Asia/Kathmandu",
} as const;

test("the steps are asked of the budget's own calls, in its own zone and period", () => {
  expect(Object.fromEntries(stepsQuestion(researcher, null, "usd") ?? [])).toEqual({
    project: "default",
    ...NOVEMBER,
    tz: "Asia/Kathmandu",
    interval: "day",
    figures: "cost_usd",
    "filter.agent": "researcher",
  });
});

test("of each one the chosen value is asked, and the calls without the tag by the empty filter", () => {
  const each = { ...researcher, value: "*" };
  expect(callsOf(each, "writer").filters).toEqual([{ dimension: "agent", value: "writer" }]);
  expect(callsOf(each, "(untagged)").filters).toEqual([{ dimension: "agent", value: "" }]);
  expect(callsOf(each, null).filters).toEqual([]);
  expect(callsOf({ ...researcher, value: null }, null).filters).toEqual([
    { dimension: "agent", value: "" },
  ]);
});

test("a project is no filter, and the whole installation is every project", () => {
  expect(callsOf({ ...researcher, scope: "project", value: "*", project: null }, "shop")).toEqual({
    project: "shop",
    filters: [],
  });
  expect(callsOf({ ...researcher, scope: "global", value: null, project: null }, null)).toEqual({
    project: "*",
    filters: [],
  });
});

test("sessions and traces, tool calls and seconds have no steps", () => {
  expect(stepsQuestion({ ...researcher, window: "session", period: null }, null, "usd")).toBeNull();
  expect(stepsQuestion(researcher, null, "seconds")).toBeNull();
});

test("a link to another screen holds the same calls, by the organisation's clock", () => {
  expect(searchOf(researcher, null, "UTC").toString()).toBe(
    "project=default&range=custom&from=2026-11-01T00%3A00&to=2026-12-01T00%3A00&filter=agent%3Aresearcher",
  );
});
