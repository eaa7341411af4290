import { expect, test } from "vitest";
import { listExploreCommands } from "@/components/spend/list-explore-commands";

/** What each command of a state changes in the address, by its label. */
function changesOf(state: Partial<Parameters<typeof listExploreCommands>[0]>) {
  const changes: object[] = [];
  const groups = listExploreCommands({
    group: "feature",
    group2: null,
    metric: "cost",
    bin: null,
    intervals: ["hour", "day"],
    compare: null,
    weekday: false,
    ...state,
    setParams: async (change) => {
      changes.push(typeof change === "object" && change !== null ? change : {});
      return new URLSearchParams();
    },
  });
  const commands = groups.flatMap((group) => group.commands);
  for (const { run } of commands) run();
  return new Map(commands.map(({ label }, index) => [label, changes[index]]));
}

test("every choice of the toolbar that is not made is offered, and changes just that", () => {
  const changes = changesOf({});
  expect(changes.get("Compare with previous period")).toEqual({ compare: "previous" });
  expect(changes.get("Compare with same days last month")).toEqual({ compare: "last-month" });
  expect(changes.get("Show cost of retries")).toEqual({ metric: "retry-cost" });
  expect(changes.get("Group by model")).toEqual({ group: "model" });
  expect(changes.get("Then by agent")).toEqual({ group2: "agent" });
  expect(changes.get("Bins of a day")).toEqual({ bin: "day" });
  for (const made of ["Group by feature", "Then by feature", "Show cost", "Bins by themselves"]) {
    expect(changes.has(made)).toBe(false);
  }
  expect(changes.has("Compare with nothing") || changes.has("Match weekdays")).toBe(false);
});

test("what was chosen can be undone", () => {
  const changes = changesOf({ compare: "last-year", weekday: true, group2: "model", bin: "day" });
  expect(changes.get("Compare with nothing")).toEqual({ compare: null, weekday: null });
  expect(changes.get("Compare dates, not weekdays")).toEqual({ weekday: false });
  expect(changes.get("Then by nothing")).toEqual({ group2: null });
  expect(changes.get("Bins by themselves")).toEqual({ bin: null });
  expect(changes.has("Compare with same period last year")).toBe(false);
});
