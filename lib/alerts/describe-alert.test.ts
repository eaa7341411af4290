import { expect, test } from "vitest";
import type { AlertFacts, FactsOf } from "@/lib/alerts/alert-facts";
import { type DescribedAlert, describeAlert } from "@/lib/alerts/describe-alert";

const wordsOf = (facts: AlertFacts, given: Partial<DescribedAlert> = {}) =>
  describeAlert({
    id: "0b8f6d1e-0000-4000-8000-000000000001",
    project: "shop",
    budgetId: null,
    value: null,
    audience: ["lead"],
    facts,
    openedAt: new Date("2026-07-01T11:00:03.000Z"),
    ...given,
  });
const period = { from: "2026-07-01T00:00:00Z", to: "2026-07-02T00:00:00Z" };
const threshold: FactsOf<"threshold"> = {
  kind: "threshold",
  budget_name: "Agents",
  scope: "agent",
  window: "day",
  measure: "usd",
  spent: "7.004",
  limit: "10",
  percent: 70,
  used_percent: 70.04,
  mode: "enforce",
  action: null,
  period,
  next: { percent: 100, action: "block" },
};

test("a stage says what, how much, since when, who is told, what stops next and where to act", () => {
  expect(wordsOf(threshold, { value: "crawler", budgetId: "b-1" })).toEqual({
    kind: "threshold",
    title: "Agents, crawler, passed 70 %: $7.00 of $10.00",
    lines: [
      "70.04 % of the limit is spent; the stage is at 70 %.",
      "Its period is 2026-07-01 00:00 UTC to 2026-07-02 00:00 UTC.",
      "Project shop.",
    ],
    toldTo: "lead",
    whatStopsNext: "At 100 % calls that do not fit are refused.",
    since: "2026-07-01T11:00:03.000Z",
    severity: "warning",
    link: "/budgets/b-1",
  });
});

test("what a stage stops is said by its action, its budget's mode and the stage after it", () => {
  const says = (given: Partial<typeof threshold>) => {
    const { whatStopsNext, severity } = wordsOf({ ...threshold, ...given });
    return [whatStopsNext, severity];
  };
  expect(says({ percent: 120, action: "lockout" })).toEqual([
    "Every call it binds is refused until 2026-07-02 00:00 UTC, unless its limit is changed or an admin unlocks it.",
    "critical",
  ]);
  expect(says({ percent: 100, action: "block", period: null })).toEqual([
    "Calls that do not fit are refused.",
    "critical",
  ]);
  expect(says({ percent: 100, action: "throttle" })[0]).toMatch(/^Calls are let through at a rate/);
  expect(says({ percent: 100, action: "reroute" })).toEqual([
    "Calls go to a cheaper model until 2026-07-02 00:00 UTC.",
    "error",
  ]);
  expect(says({ percent: 120, action: "lockout", mode: "observe" })).toEqual([
    "Nothing: this budget only observes.",
    "error",
  ]);
  expect(says({ next: null })[0]).toBe("Nothing: no further stage is set.");
  expect(says({ next: { percent: 90, action: null } })[0]).toMatch(/at 90 % the next stage/);
});

test("each measure is told in its own unit", () => {
  const title = (measure: typeof threshold.measure, spent: string, limit: string) =>
    wordsOf({ ...threshold, measure, spent, limit }).title;
  expect(title("tokens", "70001", "100000")).toMatch(/: 70,001 tokens of 100,000 tokens$/);
  expect(title("tool_calls", "8", "10")).toMatch(/: 8 tool calls of 10 tool calls$/);
  expect(title("seconds", "75.5", "90")).toMatch(/: 1 min 16 s of 1 min 30 s$/);
  expect(title("usd", "0.000001", "0.01")).toMatch(/: <\$0.01 of \$0.01$/);
});

test("a spike, a forecast, a silence, unpriced and unreserved spending are told by their own facts", () => {
  const hour: FactsOf<"spike"> = {
    kind: "spike",
    dimension: "feature",
    value: null,
    from: "2026-07-01T10:00:00Z",
    to: "2026-07-01T11:00:00Z",
    usd: "12.5",
    usual_usd: "1.25",
    multiple: 10,
    weekly_usd: "2",
  };
  const spike = wordsOf(hour);
  const first = wordsOf({ ...hour, usual_usd: "0", multiple: null });
  expect(first.title).toBe("Feature (untagged) spends where nothing was usual: $12.50 in an hour");
  expect(spike).toMatchObject({
    title: "Feature (untagged) spends 10 times what is usual: $12.50 in an hour",
    severity: "error",
    since: "2026-07-01T10:00:00Z",
    link: "/alerts?alert=0b8f6d1e-0000-4000-8000-000000000001",
  });
  expect(spike.lines.join(" ")).toMatch(
    /usual is \$1\.25 an hour\. This hour of the week .* \$2\.00/,
  );
  const forecast = wordsOf({
    kind: "forecast",
    budget_name: "Agents",
    spent_usd: "5",
    limit_usd: "10",
    forecast_usd: "20",
    runs_out_at: "2026-07-01T12:00:00Z",
    period,
  });
  expect(forecast.title).toBe("Agents runs out 2026-07-01 12:00 UTC at this rate");
  expect(forecast.lines[0]).toBe("$5.00 of $10.00 is spent; the period would cost $20.00.");
  const silence = wordsOf({
    kind: "silence",
    source: "checkout",
    last_at: "2026-07-01T09:00:00Z",
    silent_seconds: 7200,
    longest_gap_seconds: 600,
  });
  expect(silence).toMatchObject({ title: "checkout stopped sending", severity: "error" });
  const unnamed = { last_at: "2026-07-01T09:00:00Z", silent_seconds: 1, longest_gap_seconds: null };
  expect(wordsOf({ kind: "silence", source: "", ...unnamed }).title).toBe(
    "Whatever names no source stopped sending",
  );
  expect(silence.lines.join(" ")).toMatch(/2 h 0 min ago\. .* is 10 min 0 s\./);
  const model = wordsOf({ kind: "unpriced", model: "m-9", provider: "acme", calls: 1 });
  expect(model).toMatchObject({ title: "m-9 of acme has no price", link: "/prices" });
  expect(model.lines[0]).toBe("1 call so far cost an unknown amount.");
  const share = wordsOf({ kind: "unpriced", share_percent: 7.5, calls: 1000, unpriced_calls: 75 });
  expect(share.title).toBe("7.5 % of a day's calls have no price");
  const unreserved = wordsOf(
    { kind: "unreserved", budget_name: "Strict", usd: "3.5", events: 2, period: "" },
    { budgetId: "b-2", audience: [] },
  );
  expect(unreserved).toMatchObject({
    title: "Strict: $3.50 was spent that nobody had reserved",
    toldTo: "the channels it names",
    link: "/budgets/b-2",
  });
});
