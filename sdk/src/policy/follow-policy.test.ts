import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Api } from "../api.ts";
import { AgentHaltedError } from "../halted-error.ts";
import type { OpenAnswer } from "../platform/platform.ts";
import { engaged } from "../testing/fake-outlay.ts";
import { followPolicy, type PolicyFollower } from "./follow-policy.ts";
import { findSwitch } from "./match-switch.ts";
import type { PolicyTags } from "./policy.ts";

const NOW = Date.parse("2026-11-23T07:00:00Z");
beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

interface FarEnd {
  api: Api;
  policy: Record<string, unknown>;
  /** Nobody answers anything. */
  isAway: boolean;
  /** It has no stream. */
  hasStream: boolean;
  polls: number;
  opened: number;
  say(text: string): void;
  tell(): void;
  drop(): void;
}

function openFarEnd(): FarEnd {
  const streams = new Set<{ onText: (piece: string) => void; end: () => void }>();
  const header = (name: string) =>
    name === "date" ? new Date(Date.now() + skewMs).toUTCString() : null;
  const far: FarEnd = {
    policy: { version: 1, ttl_seconds: 5 },
    isAway: false,
    hasStream: true,
    polls: 0,
    opened: 0,
    say: (text) => {
      for (const { onText } of streams) onText(text);
    },
    tell: () => far.say(`event: policy\ndata: ${JSON.stringify(far.policy)}\n\n`),
    drop: () => {
      for (const { end } of [...streams]) end();
    },
    api: {
      async ask() {
        far.polls++;
        if (far.isAway) throw new Error("ECONNREFUSED");
        return { status: 200, header, text: JSON.stringify(far.policy) };
      },
      async open(_, __, onText): Promise<OpenAnswer> {
        far.opened++;
        if (far.isAway) throw new Error("ECONNREFUSED");
        const closed = { header, ended: Promise.resolve(), close: () => undefined };
        if (!far.hasStream) return { ...closed, status: 404 };
        let end: () => void = () => undefined;
        const ended = new Promise<void>((resolve) => {
          end = () => {
            streams.delete(stream);
            resolve();
          };
        });
        const stream = { onText, end };
        streams.add(stream);
        setTimeout(() => onText(`event: policy\ndata: ${JSON.stringify(far.policy)}\n\n`), 1);
        return { status: 200, header, ended, close: end };
      },
    },
  };
  return far;
}

let skewMs = 0;
const follow = (far: FarEnd, onChange = () => {}, isPushed = true, goesOn = true): PolicyFollower =>
  followPolicy(far.api, { isPushed, goesOn, maxAgeMs: 60_000, onChange });

test("what is pushed stands at once; a stream that broke is opened again, and the policy is asked for meanwhile", async () => {
  const far = openFarEnd();
  const changes = vi.fn();
  const follower = follow(far, changes);
  await vi.advanceTimersByTimeAsync(10);
  expect(follower.state()).toBe("live");
  expect(far.polls).toBe(0);
  far.policy = { ...far.policy, version: 2 };
  far.tell();
  expect(follower.policy?.version).toBe(2);
  far.hasStream = false;
  far.policy = { ...far.policy, version: 3 };
  far.drop();
  await vi.advanceTimersByTimeAsync(10);
  expect(follower.policy?.version).toBe(3);
  expect(follower.state()).toBe("polling");
  far.hasStream = true;
  await vi.advanceTimersByTimeAsync(40_000);
  expect(follower.state()).toBe("live");
  expect(changes.mock.calls.length).toBeGreaterThanOrEqual(3);
  follower.close();
});

test("without a stream the policy is asked for every five seconds", async () => {
  const far = openFarEnd();
  const follower = follow(far, undefined, false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(far.opened).toBe(0);
  expect(far.polls).toBeGreaterThanOrEqual(10);
  expect(far.polls).toBeLessThanOrEqual(13);
  follower.close();
});

test("a stream that says nothing for 35 s is taken for dead, one that says it is alive is not", async () => {
  const far = openFarEnd();
  const follower = follow(far);
  for (let spoken = 0; spoken < 8; spoken++) {
    await vi.advanceTimersByTimeAsync(15_000);
    far.say(": alive\n\n");
  }
  expect(far.opened).toBe(1);
  expect(follower.state()).toBe("live");
  await vi.advanceTimersByTimeAsync(40_000);
  expect(far.opened).toBe(2);
  follower.close();
});

test("out of reach the last policy stands for its time and no longer, and a switch stays engaged", async () => {
  const far = openFarEnd();
  far.policy = { ...far.policy, kill_switches: [engaged("planner")] };
  const follower = follow(far);
  await vi.advanceTimersByTimeAsync(10);
  far.isAway = true;
  far.drop();
  await vi.advanceTimersByTimeAsync(14_000);
  expect(follower.state()).toBe("polling");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(follower.state()).toBe("stale");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(follower.state()).toBe("failed");
  const tags = { agent: "planner" } as PolicyTags;
  expect(findSwitch(follower.policy?.switches ?? [], tags, follower.serverNow())).not.toBeNull();
  far.isAway = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(follower.state()).toBe("live");
  follower.close();
});

test("an answer of a server that is behind releases nothing; one that stays older is what is true", async () => {
  const far = openFarEnd();
  far.policy = { version: 5, kill_switches: [engaged("planner")] };
  const follower = follow(far, undefined, false);
  await vi.advanceTimersByTimeAsync(10);
  far.policy = { version: 4 };
  await vi.advanceTimersByTimeAsync(20_000);
  expect(follower.policy?.version).toBe(5);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(follower.policy?.version).toBe(4);
  follower.close();
});

test("switches end by the server's clock, however wrong the agent's is", async () => {
  skewMs = -3_600_000;
  const far = openFarEnd();
  const follower = follow(far);
  await vi.advanceTimersByTimeAsync(10);
  expect(Math.abs(follower.serverNow() - (Date.now() + skewMs))).toBeLessThan(2_000);
  skewMs = 0;
  follower.close();
});

test("the first call waits for the first policy, once and not for ever", async () => {
  const far = openFarEnd();
  far.isAway = true;
  const follower = follow(far);
  const waited = follower.awaited();
  await vi.advanceTimersByTimeAsync(3_000);
  await waited;
  expect(follower.state()).toBe("failed");
  await follower.awaited();
  follower.close();
});

test("an error of another copy of the package is one of ours", () => {
  const other = { [Symbol.for("@outlay/sdk.AgentHaltedError")]: true };
  expect(other).toBeInstanceOf(AgentHaltedError);
  expect(new Error("x")).not.toBeInstanceOf(AgentHaltedError);
});

test("where nothing goes on between calls, each call after the policy's time asks anew, also while another's question is lost", async () => {
  const far = openFarEnd();
  const follower = follow(far, () => {}, true, false);
  await vi.waitFor(() => expect(follower.state()).toBe("live"));
  expect(follower.awaited()).toBeNull();
  // The clock goes on, and no timer fires.
  vi.setSystemTime(Date.now() + 5_000);
  far.policy = { version: 2, ttl_seconds: 5, kill_switches: [engaged("planner")] };
  expect(follower.state()).toBe("live");
  await follower.awaited();
  expect(follower.policy?.version).toBe(2);
  expect(follower.awaited()).toBeNull();
  follower.close();
});
