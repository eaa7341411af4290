import { expect, test } from "vitest";
import { listAlertLinks } from "@/components/alerts/alert-links";
import { exactFigures } from "@/components/alerts/exact-figures";
import { summariseOpen } from "@/components/alerts/summarise-open";
import { makeAlert } from "@/components/alerts/testing/make-alert";
import type { AlertFacts } from "@/lib/alerts/alert-facts";

const SPIKE: AlertFacts = {
  kind: "spike",
  dimension: "agent",
  value: "crawler",
  from: "2026-11-22T11:00:00Z",
  to: "2026-11-22T12:00:00Z",
  usd: "40.000000000000001",
  usual_usd: "8",
  multiple: 5,
  weekly_usd: null,
};

test("a figure is exact on hover, to the last digit, and none is made up where it is hidden", () => {
  expect(exactFigures({ ...SPIKE })).toBe("$40.000000000000001 in the hour, usual $8");
  expect(exactFigures(null)).toBeNull();
  expect(
    exactFigures({
      kind: "threshold",
      measure: "tool_calls",
      spent: "15",
      limit: "20",
      used_percent: 75,
    }),
  ).toBe("15 tool calls of 20 tool calls, 75 %");
});

test("each kind links to the page that acts on it, a spike to its very hour and agent", () => {
  const links = listAlertLinks(makeAlert({ kind: "spike", facts: { ...SPIKE } }), "Europe/Berlin");
  expect(links.map(({ label }) => label)).toEqual(["Explore that hour", "Its calls", "Controls"]);
  const { searchParams, pathname } = new URL(links[0]?.href ?? "", "http://localhost");
  expect(pathname).toBe("/explore");
  expect(Object.fromEntries(searchParams)).toMatchObject({
    project: "shop",
    range: "custom",
    filter: "agent:crawler",
  });
  expect(searchParams.get("from")).toContain("12:00");
  expect(listAlertLinks(makeAlert(), "UTC")).toEqual([
    { label: "The budget", href: "/budgets/0b8f6d1e-0000-4000-8000-0000000000b1?project=shop" },
  ]);
  // What would name another project's agent is not there to be linked to.
  expect(listAlertLinks(makeAlert({ kind: "spike", facts: null }), "UTC")).toHaveLength(1);
});

test("what nobody acknowledged is counted, and the gravest is named first, of these the latest", () => {
  const named = (severity: "critical" | "error" | "warning", title: string) =>
    makeAlert({ severity, title });
  const alerts = [
    named("warning", "a"),
    named("critical", "b"),
    named("warning", "c"),
    named("critical", "d"),
  ];
  const open = summariseOpen({ alerts, next_cursor: null });
  expect(open?.title).toBe("4 alerts that nobody acknowledged");
  expect(open?.named.map(({ title }) => title)).toEqual(["b", "d", "a"]);
  expect(open?.rest).toBe(1);
  expect(summariseOpen({ alerts, next_cursor: "more" })?.title).toMatch(/^More than 4/);
  expect(summariseOpen({ alerts: [], next_cursor: null })).toBeNull();
});
