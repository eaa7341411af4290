import { afterAll, beforeAll, expect, test } from "vitest";
import { listInstances, saveBeats } from "@/db/queries/instances";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

let ingest: TestIngest;
let key: string;
beforeAll(async () => {
  ingest = await openTestIngest();
  key = await ingest.makeKey({ scopes: ["guard"] });
});
afterAll(() => ingest.close());

const beat = (body: unknown, as = key) =>
  ingest.post(body, { path: "/v1/agents/heartbeat", key: as });
const stored = (agent: string) =>
  listInstances(ingest.postgres.db, {
    projectIds: [ingest.projectIds.default],
    since: new Date(Date.now() - 60_000),
    agent,
    limit: 100,
  });

test("two hundred agents that speak at once are each noted, with what they obey", async () => {
  const said = Array.from({ length: 200 }, (_, n) => ({
    instance_id: `i-${n}`,
    agent: "crowd",
    policy_version: n,
    state: n % 2 ? "running" : "halted",
  }));
  const answers = await Promise.all(said.map((one) => beat(one)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const rows = await ingest.postgres.db.transaction((tx) =>
    listInstances(tx, {
      projectIds: [ingest.projectIds.default],
      since: new Date(0),
      agent: "crowd",
      limit: 1_000,
    }),
  );
  const told = rows.map(({ instanceId, policyVersion, state }) => {
    return { instance_id: instanceId, agent: "crowd", policy_version: policyVersion, state };
  });
  const byId = (a: { instance_id: string }, b: { instance_id: string }) =>
    a.instance_id < b.instance_id ? -1 : 1;
  expect(told.sort(byId)).toEqual([...said].sort(byId));
});

test("since when an agent is halted, and obeys a version, stays until that changes", async () => {
  const one = { instance_id: "one", agent: "solo", policy_version: 3, state: "running" };
  await beat(one);
  const [first] = await stored("solo");
  await beat({ ...one, state: "halted" });
  await beat({ ...one, state: "halted", policy_version: 4 });
  const [halted] = await stored("solo");
  await beat({ ...one, state: "halted", policy_version: 4 });
  const [last] = await stored("solo");
  expect(first?.stateSince).toEqual(first?.seenAt);
  expect(halted?.stateSince.getTime()).toBeLessThanOrEqual(halted?.obeysSince.getTime() ?? 0);
  expect(last).toMatchObject({
    state: "halted",
    policyVersion: 4,
    stateSince: halted?.stateSince,
    obeysSince: halted?.obeysSince,
  });
  expect(last?.seenAt.getTime()).toBeGreaterThanOrEqual(halted?.seenAt.getTime() ?? 0);
});

test("a beat that was overtaken by a later one changes nothing", async () => {
  const { db } = ingest.postgres;
  const now = Date.now();
  const at = { projectId: ingest.projectIds.default, instanceId: "late", agent: "late" };
  await saveBeats(db, [{ ...at, policyVersion: 9, state: "halted", seenAt: new Date(now) }]);
  await saveBeats(db, [{ ...at, policyVersion: 8, state: "running", seenAt: new Date(now - 50) }]);
  expect(await stored("late")).toMatchObject([{ policyVersion: 9, state: "halted" }]);
  await saveBeats(db, [{ ...at, policyVersion: 8, state: "running", seenAt: new Date(now + 5) }]);
  expect(await stored("late")).toMatchObject([{ policyVersion: 9, state: "halted" }]);
  // A store that was put back has earlier versions.
  const later = new Date(now + 11_000);
  await saveBeats(db, [{ ...at, policyVersion: 8, state: "running", seenAt: later }]);
  expect(await stored("late")).toMatchObject([{ policyVersion: 8, state: "running" }]);
});

test("one that ends is forgotten; one without an agent is untagged", async () => {
  await beat({ instance_id: "gone", policy_version: 1, state: "running" });
  expect(await stored("")).toMatchObject([{ instanceId: "gone", agent: "" }]);
  await beat({ instance_id: "gone", policy_version: 1, state: "ended" });
  expect(await stored("")).toEqual([]);
});

test("what cannot be read is told by its path, and stored nowhere", async () => {
  const bad = [
    { instance_id: "", agent: "bad", policy_version: 1, state: "running" },
    { instance_id: "x".repeat(129), agent: "bad", policy_version: 1, state: "running" },
    { instance_id: "a\0b", agent: "bad", policy_version: 1, state: "running" },
    { instance_id: "a", agent: "bad", policy_version: -1, state: "running" },
    { instance_id: "a", agent: "bad", policy_version: 1.5, state: "running" },
    { instance_id: "a", agent: "bad", policy_version: 1, state: "asleep" },
    { instance_id: "a", agent: "bad", policy_version: 1, state: "running", more: 1 },
    null,
  ];
  for (const body of bad) {
    const answer = await beat(JSON.stringify(body));
    expect(answer.status, JSON.stringify(body)).toBe(422);
    expect(answer.body.errors.length).toBeGreaterThan(0);
  }
  expect(await stored("bad")).toEqual([]);
  const good = { instance_id: "a", agent: "bad", policy_version: 1, state: "running" };
  expect((await beat(good, await ingest.makeKey({ scopes: ["ingest"] }))).status).toBe(403);
  expect((await beat(good, "nobody's")).status).toBe(401);
});
