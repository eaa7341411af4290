import { expect, test } from "vitest";
import { countInstances } from "@/lib/instances/count-instances";

const NOW = Date.UTC(2026, 10, 23, 12);
const row = (agent: string, secondsAgo: number, projectId = "p") => ({
  projectId,
  agent,
  seenAt: new Date(NOW - secondsAgo * 1000),
});

test("instances are counted by project and agent, most first; ten minutes of silence end them", () => {
  const rows = [
    row("writer", 1),
    row("planner", 1),
    row("planner", 40),
    row("planner", 601),
    row("planner", 1, "q"),
    row("", 1),
    row("planner", 1, "not the reader's"),
  ];
  const slugs = new Map([
    ["p", "shop"],
    ["q", "bank"],
  ]);
  expect(countInstances(rows, slugs, NOW)).toEqual([
    { project: "shop", agent: "planner", instances: 2, unseen: 1 },
    { project: "shop", agent: "writer", instances: 1, unseen: 0 },
    { project: "bank", agent: "planner", instances: 1, unseen: 0 },
    { project: "shop", agent: null, instances: 1, unseen: 0 },
  ]);
});
