import { expect, test } from "vitest";
import type { InstanceRow } from "@/db/queries/instances";
import { sumObedience } from "@/lib/instances/sum-obedience";

const NOW = Date.UTC(2026, 10, 23, 12);
const ago = (seconds: number) => new Date(NOW - seconds * 1000);
const stop = {
  scope: "agent",
  projectId: "p",
  value: "planner",
  engagedAt: ago(50),
  engagedVersion: 7,
};
const row = (given: Partial<InstanceRow> = {}): InstanceRow => ({
  projectId: "p",
  instanceId: "i",
  agent: "planner",
  policyVersion: 7,
  state: "halted",
  seenAt: ago(1),
  firstSeenAt: ago(3_000),
  stateSince: ago(49.6),
  obeysSince: ago(49.6),
  ...given,
});
const sum = (rows: InstanceRow[], of: Partial<typeof stop> = {}) =>
  sumObedience({ ...stop, ...of }, rows, NOW);

test("eleven of twelve confirmed, one not seen for forty seconds", () => {
  const silent = row({ state: "running", policyVersion: 6, seenAt: ago(40) });
  expect(sum([...Array.from({ length: 11 }, () => row()), silent])).toEqual({
    instances: 12,
    confirmed: 11,
    unseen: 1,
    longest_unseen_seconds: 40,
    slowest_ms: 400,
  });
});

test("one that obeys an earlier version, or still runs, has not confirmed", () => {
  const rows = [row({ policyVersion: 6 }), row({ state: "running" })];
  expect(sum(rows)).toMatchObject({ instances: 2, confirmed: 0, unseen: 0, slowest_ms: null });
});

test("a switch of a feature, user or model stops no instance whole: obeying its version confirms it", () => {
  for (const scope of ["feature", "user", "model"]) {
    const rows = [row({ state: "running" }), row({ policyVersion: 6, state: "running" })];
    expect(sum(rows, { scope, value: "chat" })).toMatchObject({ instances: 2, confirmed: 1 });
  }
});

test("a switch is about its own project and agent; everything about all", () => {
  const rows = [row({ agent: "other" }), row({ projectId: "q" }), row({ agent: "" })];
  expect(sum(rows).instances).toBe(0);
  expect(sum(rows, { scope: "project" }).instances).toBe(2);
  expect(sumObedience({ ...stop, scope: "global", projectId: null }, rows, NOW).instances).toBe(3);
});

test("one that was started anew while the switch stood has confirmed, and is not what stopping took", () => {
  const anew = row({ firstSeenAt: ago(5), stateSince: ago(5), obeysSince: ago(5) });
  expect(sum([row(), anew])).toMatchObject({ instances: 2, confirmed: 2, slowest_ms: 400 });
  expect(sum([anew])).toMatchObject({ confirmed: 1, slowest_ms: null });
});

test("one that was halted before confirms at once; one that was not seen for ten minutes is not counted", () => {
  expect(sum([row({ stateSince: ago(3_000) }), row({ seenAt: ago(601) })])).toMatchObject({
    instances: 1,
    confirmed: 1,
    slowest_ms: 0,
  });
});
