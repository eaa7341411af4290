import { expect, test } from "vitest";
import { AGENTS, HELPERS, RUNAWAY_DAY } from "@/lib/demo/demo-company";
import { eventsOfDay, eventsOfLiveRun } from "@/lib/demo/demo-fleet";
import type { DemoEvent } from "@/lib/demo/demo-run";

const DAYS = Array.from({ length: 30 }, (_, i) =>
  new Date(Date.UTC(2026, 9, 20 + i)).toISOString().slice(0, 10),
);
const month = DAYS.flatMap(eventsOfDay);
const valuesOf = (name: string, events: readonly DemoEvent[] = month) =>
  new Set(events.map((event) => event[name]).filter((value) => value !== undefined));

test("a day always yields the same events, each with an id of its own", () => {
  const [day = ""] = DAYS;
  expect(eventsOfDay(day)).toEqual(eventsOfDay(day));
  expect(valuesOf("id").size).toBe(month.length);
});

test("it is a company of this size", () => {
  expect(valuesOf("agent").size).toBe(AGENTS.length + HELPERS.length);
  expect(valuesOf("feature").size).toBe(8);
  expect(valuesOf("user").size).toBeGreaterThan(180);
  expect([...valuesOf("provider")].sort()).toEqual(["anthropic", "google", "openai"]);
  expect(valuesOf("model").size).toBe(6);
  expect(valuesOf("error_type").size).toBe(3);
  expect(month.some((event) => event.attempt === 2)).toBe(true);
});

test("any 30 days have one runaway session, and a model that changed", () => {
  const runaway = month.filter((event) => String(event.id).includes("runaway"));
  expect(valuesOf("session", runaway).size).toBe(1);
  expect(runaway.length).toBeGreaterThan(500);
  expect(runaway.every(({ timestamp }) => Number(timestamp.slice(8, 10)) === RUNAWAY_DAY)).toBe(
    true,
  );
  const resolver = month.filter((event) => event.agent === "support-resolver");
  expect(valuesOf("model", resolver).size).toBe(2);
});

test("agents work for one another in one trace, and every parent is there", () => {
  const spans = valuesOf("span_id");
  const parents = valuesOf("parent_span_id");
  expect(valuesOf("session").size).toBe(valuesOf("trace_id").size);
  expect([...parents].filter((parent) => !spans.has(parent))).toEqual([]);
  const agents = new Map<unknown, Set<unknown>>();
  for (const { trace_id, agent } of month) {
    agents.set(trace_id, (agents.get(trace_id) ?? new Set()).add(agent));
  }
  expect([...agents.values()].filter(({ size }) => size > 1).length).toBeGreaterThan(100);
});

test("a live run has just ended", () => {
  const nowMs = Date.UTC(2026, 10, 22, 12);
  for (let i = 0; i < 50; i += 1) {
    const events = eventsOfLiveRun(i, nowMs);
    expect(events.length).toBeGreaterThan(0);
    for (const { timestamp } of events) expect(Date.parse(timestamp)).toBeLessThanOrEqual(nowMs);
  }
});
