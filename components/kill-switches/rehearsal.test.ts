import { expect, test } from "vitest";
import {
  copyResult,
  describeResult,
  endOfRehearsal,
  isComplete,
  type Measured,
  measureRehearsal,
  type Rehearsal,
} from "@/components/kill-switches/rehearsal";
import type { InstanceAnswer } from "@/lib/instances/instance-schemas";

const BEGUN = Date.UTC(2026, 10, 23, 12);
const at = (ms: number) => new Date(BEGUN + ms).toISOString();
const rehearsal: Rehearsal = {
  project: "shop",
  agent: "planner",
  engagedAt: at(0),
  until: at(60_000),
  begunMs: 1_000,
  measured: [],
  end: null,
};
const instance = (id: string, given: Partial<InstanceAnswer> = {}): InstanceAnswer => ({
  project: "shop",
  instance_id: id,
  agent: "planner",
  policy_version: 7,
  state: "halted",
  seen_at: at(430),
  is_lost: false,
  state_since: at(430),
  obeys_since: at(430),
  ...given,
});
const measure = (instances: InstanceAnswer[], measured: readonly Measured[] = []) =>
  measureRehearsal({ ...rehearsal, measured }, { policy_version: 7, instances });
const stopped = (instanceId: string, afterMs: number): Measured => ({
  instanceId,
  state: "stopped",
  afterMs,
});

test("each instance's time is from the switch to its word, and stays when it runs again", () => {
  const running = { state: "running", state_since: at(-5_000), policy_version: 6 } as const;
  const first = measure([instance("a"), instance("b", running)]);
  expect(first).toEqual([
    { instanceId: "b", state: "waiting", afterMs: null },
    { instanceId: "a", state: "stopped", afterMs: 430 },
  ]);
  expect(isComplete({ measured: first })).toBe(false);
  const again = instance("a", { state: "running", state_since: at(2_000) });
  const second = measure([again, instance("b", { state_since: at(900) })], first);
  expect(second.map(({ afterMs }) => afterMs)).toEqual([900, 430]);
  expect(isComplete({ measured: second })).toBe(true);
  expect(measure([], second)).toEqual(second);
});

test("one that something else had halted has no time, and not before it knows of this switch", () => {
  const before = { state_since: at(-9_000) };
  expect(measure([instance("a", before)])[0]).toMatchObject({
    state: "halted_before",
    afterMs: null,
  });
  expect(measure([instance("a", { ...before, policy_version: 6 })])[0]?.state).toBe("waiting");
  const lost = { ...before, state: "running", is_lost: true } as const;
  expect(measure([instance("a", lost)])[0]?.state).toBe("lost");
});

test("nobody to measure is not done", () => {
  expect(isComplete({ measured: measure([]) })).toBe(false);
});

test("it is over when its switch is gone; another switch in its place stays", () => {
  const ours = { engaged_at: at(0) };
  const theirs = { engaged_at: at(9_000) };
  expect(endOfRehearsal(rehearsal, ours, 2_000)).toBeNull();
  expect(endOfRehearsal(rehearsal, null, 2_000)).toBe("over");
  expect(endOfRehearsal(rehearsal, theirs, 2_000)).toBe("replaced");
  // What the page knew before it began says nothing of it.
  expect(endOfRehearsal(rehearsal, null, 999)).toBeNull();
  expect(endOfRehearsal({ ...rehearsal, end: "over" }, theirs, 2_000)).toBe("over");
});

test("the result is a sentence, and is copied with each instance's time", () => {
  const waiting: Measured = { instanceId: "c", state: "waiting", afterMs: null };
  const both = [stopped("b", 430), stopped("a", 310)];
  expect(describeResult({ measured: both, end: "over" })).toBe("All 2 stopped after 0.43 s.");
  expect(describeResult({ measured: [stopped("a", 310)], end: "over" })).toBe(
    "1 of 1 stopped after 0.31 s.",
  );
  expect(describeResult({ measured: [waiting, ...both], end: null })).toBe(
    "2 of 3 stopped, the last after 0.43 s so far.",
  );
  expect(describeResult({ measured: [waiting], end: "over" })).toBe(
    "0 of 1 stopped: the others did not confirm.",
  );
  expect(copyResult({ ...rehearsal, measured: [waiting, ...both], end: "over" })).toBe(
    [
      `Rehearsed stop of agent planner in project shop at ${at(0)}: 2 of 3 stopped, the last after 0.43 s: the others did not confirm.`,
      "c\tdid not confirm",
      "b\t0.43 s",
      "a\t0.31 s",
    ].join("\n"),
  );
});
