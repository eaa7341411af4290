import { expect, test } from "vitest";
import { listTargets, nameTarget, targetKey } from "@/components/kill-switches/list-targets";
import { switchBody } from "@/components/kill-switches/switch-requests";
import { describeStops, endOf, permissionFor } from "@/components/kill-switches/switch-words";
import {
  type KillSwitchListAnswer,
  putKillSwitchSchema,
} from "@/lib/kill-switches/kill-switch-schemas";

type Row = KillSwitchListAnswer["switches"][number];

const switchOf = (place: Pick<Row, "scope" | "project" | "value">, engaged = true): Row => ({
  id: "018f0000-0000-7000-8000-000000000000",
  ...place,
  engaged,
  reason: "a loop",
  engaged_by: "ada@example.com",
  engaged_at: "2026-11-22T12:00:00.000Z",
  until: null,
  released_by: null,
  released_at: null,
  release_reason: null,
  stops: null,
  obedience: null,
});
const answerOf = (switches: Row[], agents: KillSwitchListAnswer["agents"] = []) => ({
  switches,
  agents,
  instance_counts: [],
  history: [],
});

test("what is stopped stands first, then who runs, then who spent", () => {
  const seen = ["quiet", "busy"].map((agent, index) => ({
    project: "shop",
    agent,
    costUsd: "1",
    calls: index + 1,
  }));
  const running = {
    project: "shop",
    agent: "runner",
    calls: 1,
    cost_usd: "0",
    running_sessions: 2,
    last_at: "2026-11-22T12:00:00.000Z",
  };
  const stopped = switchOf({ scope: "agent", project: "shop", value: "gone" });
  const { agents } = listTargets({ answer: answerOf([stopped], [running]), projects: [], seen });
  expect(agents.map(({ value }) => value)).toEqual(["gone", "runner", "busy", "quiet"]);
  expect(agents[0]?.engaged?.reason).toBe("a loop");
  expect(agents[2]?.lately).toEqual({ costUsd: "1", calls: 2 });
});

test("an agent that is connected can be stopped before its first call", () => {
  const counts = [
    { project: "shop", agent: "planner", instances: 12, unseen: 1 },
    { project: "shop", agent: null, instances: 1, unseen: 0 },
  ];
  const answer = { ...answerOf([]), instance_counts: counts };
  const { agents, everything } = listTargets({ answer, projects: [], seen: [] });
  expect(agents).toMatchObject([{ value: "planner", reach: { instances: 12, unseen: 1 } }]);
  expect(everything.reach.instances).toBe(13);
});

test("agents of one name in two projects are two, and a released switch stops nobody", () => {
  const seen = ["shop", "bank"].map((project) => ({
    project,
    agent: "writer",
    costUsd: null,
    calls: 1,
  }));
  const answer = answerOf([
    switchOf({ scope: "agent", project: "shop", value: "writer" }, false),
    switchOf({ scope: "agent", project: "bank", value: "writer" }),
  ]);
  const { agents } = listTargets({ answer, projects: [], seen });
  expect(agents.map(({ project, engaged }) => [project, engaged !== null])).toEqual([
    ["bank", true],
    ["shop", false],
  ]);
});

test("everything, projects and other stopped things have their own places", () => {
  const answer = answerOf([
    switchOf({ scope: "global", project: null, value: null }),
    switchOf({ scope: "project", project: "shop", value: "shop" }),
    switchOf({ scope: "model", project: "shop", value: "gpt-4o" }),
  ]);
  const all = listTargets({ answer, projects: ["bank", "shop"], seen: [] });
  expect(all.everything.engaged).not.toBeNull();
  expect(all.projects.map(({ project, engaged }) => [project, engaged !== null])).toEqual([
    ["shop", true],
    ["bank", false],
  ]);
  expect(all.others.map(nameTarget)).toEqual(["Model gpt-4o"]);
  expect(targetKey({ scope: "project", project: null, value: "shop" })).toBe(
    targetKey({ scope: "project", project: "shop", value: null }),
  );
});

test("stopping everything and starting it again is one right; of a project they are two", () => {
  const everything = { scope: "global", project: null, value: null } as const;
  const agent = { scope: "agent", project: "shop", value: "writer" } as const;
  expect(permissionFor(everything, "engage")).toEqual({
    permission: "switches.write_everywhere",
    project: null,
  });
  expect(permissionFor(agent, "engage").permission).toBe("switches.engage");
  expect(permissionFor(agent, "release")).toEqual({
    permission: "switches.release",
    project: "shop",
  });
});

test("an end is an hour from now, the next midnight of the zone, or none", () => {
  const nowMs = Date.UTC(2026, 10, 22, 18, 30);
  const place = { nowMs, timeZone: "Asia/Kathmandu", customMs: null };
  expect(endOf("never", place)).toBeNull();
  expect(endOf("hour", place)).toBe("2026-11-22T19:30:00.000Z");
  // 00:15 of the 23rd there: tomorrow is the 24th.
  expect(endOf("tomorrow", place)).toBe("2026-11-23T18:15:00.000Z");
  expect(() => endOf("custom", place)).toThrow(RangeError);
});

test("a line of the screen sends only what names it, and the server takes it", () => {
  const answer = answerOf([switchOf({ scope: "project", project: "shop", value: "shop" })]);
  const seen = [{ project: "shop", agent: "writer", costUsd: "1", calls: 1 }];
  const all = listTargets({ answer, projects: ["shop"], seen });
  const change = { engaged: true, reason: "a loop", until: null };
  for (const target of [all.everything, ...all.projects, ...all.agents]) {
    expect(putKillSwitchSchema.safeParse(switchBody(target, change)).error).toBeUndefined();
  }
});

test("what would stop is said in calls, agents, sessions and dollars", () => {
  const stops = { calls: 3, cost_usd: "1.5", agents: [], agents_count: 1, running_sessions: 2 };
  expect(describeStops(stops)).toBe(
    "In the last 15 minutes: 3 calls of 1 agent in 2 sessions, $1.50.",
  );
  expect(describeStops({ ...stops, calls: 0 })).toContain("Nothing");
});
