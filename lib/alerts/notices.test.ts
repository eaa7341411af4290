import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { updateChannelRow } from "@/db/queries/channels";
import { listAttempts } from "@/db/queries/deliveries";
import { alertSnoozes, deliveries } from "@/db/schema/alerts";
import type { NewAlert } from "@/lib/alerts/alert";
import { recordAlerts } from "@/lib/alerts/record-alert";
import { MAX_ATTEMPTS, nextTryIn } from "@/lib/alerts/retry-schedule";
import {
  isAllTold,
  makeChannel,
  makeThreshold,
  type NoticeWorld,
  openNoticeWorld,
  resolveByKey,
  webhook,
} from "@/lib/alerts/testing/notice-world";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { type Receiver, serveReceiver } from "@/lib/testing/serve-receiver";
import { makeBudget } from "@/lib/testing/test-budgets";
import { makeProject } from "@/lib/testing/test-runtime";

let postgres: Postgres;
let receiver: Receiver;
let worlds: NoticeWorld[];
beforeEach(async () => {
  worlds = [];
  [postgres, receiver] = await Promise.all([openTestPostgres(), serveReceiver()]);
});
afterEach(async () => {
  for (const world of worlds) await world.close();
  await receiver.close();
  await postgres.close();
});

function open(options: Parameters<typeof openNoticeWorld>[1] = {}): NoticeWorld {
  const world = openNoticeWorld(postgres, options);
  worlds.push(world);
  return world;
}

const POLL = { timeout: 30_000, interval: 20 };
const noticesAt = (path: string) => receiver.received.filter((one) => one.path === path);
const idsAt = (path: string) =>
  noticesAt(path).map(({ headers }) => String(headers["outlay-notice-id"]));
const titlesAt = (path: string) =>
  noticesAt(path).map(({ body }) => (JSON.parse(body) as { title: string }).title);

test("10,000 recordings of three stages at once are three notices a channel, by two senders too", async () => {
  await makeChannel(postgres, webhook(`${receiver.url}/lead`));
  await makeChannel(postgres, webhook(`${receiver.url}/finance`), { audience: "finance" });
  const [one, two] = [open(), open()];
  const stages = [70, 100, 120].map((percent) => makeThreshold(percent));
  const events = Array.from({ length: 10_000 }, (_, i) => stages.slice(0, 1 + (i % 3)));
  const groups = Array.from({ length: 100 }, (_, i) => events.slice(i * 100, (i + 1) * 100).flat());
  await Promise.all(groups.map((group) => one.record(...group)));
  await expect.poll(() => one.states(), POLL).toEqual({ sent: 6 });
  for (const path of ["/lead", "/finance"]) {
    expect(noticesAt(path)).toHaveLength(3);
    expect(new Set(idsAt(path)).size).toBe(3);
    expect(titlesAt(path).sort()).toEqual([
      "Agents <b>& passed 100 %: $10.00 of $10.00",
      "Agents <b>& passed 120 %: $12.00 of $10.00",
      "Agents <b>& passed 70 %: $7.00 of $10.00",
    ]);
  }
  two.wake();
  await one.record(...stages);
  expect(await isAllTold(postgres)).toBe(true);
  expect(receiver.received).toHaveLength(6);
}, 120_000);

test("a webhook that was down for an hour gets each notice once when it is back, and the tries are there", async () => {
  await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  const world = open();
  let isDown = true;
  const taken: string[] = [];
  receiver.answer = (response, { headers }) => {
    if (!isDown) taken.push(String(headers["outlay-notice-id"]));
    response.writeHead(isDown ? 503 : 200).end("maintenance");
  };
  await world.record(makeThreshold(70), makeThreshold(100));
  const attempts = async () =>
    (await postgres.db.select().from(deliveries)).map((row) => row.attempts);
  // Six tries lie in the first hour, at 0 s, 30 s, 90 s, 210 s, 450 s and 930 s; the seventh is at 1,890 s.
  const startMs = world.nowMs;
  for (const [number, seconds] of [0, 30, 90, 210, 450, 930, 1890].entries()) {
    world.nowMs = startMs + seconds * 1000;
    world.wake();
    await expect.poll(attempts, POLL).toEqual([number + 1, number + 1]);
    const isWritten = async () =>
      (await postgres.db.select().from(deliveries)).every((row) => row.claimedUntil === null);
    await expect.poll(isWritten, POLL).toBe(true);
  }
  isDown = false;
  world.nowMs = startMs + 3_900_000;
  world.wake();
  await expect.poll(() => world.states(), POLL).toEqual({ sent: 2 });
  expect(taken).toHaveLength(2);
  expect(new Set(taken)).toEqual(new Set(idsAt("/hook")));
  expect(new Set(taken).size).toBe(2);
  const [row] = await postgres.db.select().from(deliveries);
  const tries = await listAttempts(postgres.db, [row?.id ?? ""]);
  expect(tries.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503, 503, 503, 200]);
  expect(tries[0]?.error).toBe(`127.0.0.1:${receiver.port} answered 503: maintenance`);
  expect(row).toMatchObject({ lastError: null, receipt: "HTTP 200" });
}, 120_000);

test("a channel that hangs delays no other, and two hanging ones neither", async () => {
  for (const path of ["/hang-1", "/hang-2", "/well"]) {
    await makeChannel(postgres, webhook(`${receiver.url}${path}`));
  }
  const held: (() => void)[] = [];
  receiver.answer = (response, { path }) => {
    if (path === "/well") response.end("ok");
    else held.push(() => response.end("late"));
  };
  const world = open();
  await world.record(...Array.from({ length: 20 }, (_, i) => makeThreshold(70 + i)));
  await expect.poll(() => noticesAt("/well").length, POLL).toBe(20);
  // One place each: what hangs is asked no second time meanwhile.
  expect(noticesAt("/hang-1")).toHaveLength(1);
  expect(noticesAt("/hang-2")).toHaveLength(1);
  receiver.answer = (response) => response.end("ok");
  for (const end of held) end();
  await expect.poll(() => world.states(), POLL).toEqual({ sent: 60 });
}, 60_000);

test("as many channels as a process sends to at once hang, and one that is well waits for none of their backlogs", async () => {
  for (let i = 0; i < 8; i++) await makeChannel(postgres, webhook(`${receiver.url}/hang-${i}`));
  const hangs: unknown[] = [];
  receiver.answer = (response, { path }) => {
    if (path === "/well") response.end("ok");
    else hangs.push(response);
  };
  const world = open({ timeoutMs: 1_500 });
  await world.record(...Array.from({ length: 40 }, (_, i) => makeThreshold(10 + i)));
  await expect.poll(() => hangs.length, POLL).toBe(8);
  await makeChannel(postgres, webhook(`${receiver.url}/well`));
  await world.record(makeThreshold(99));
  await expect.poll(() => noticesAt("/well").length, POLL).toBe(1);
  // Each was tried once, some of them for a second time: none of their other notices went first.
  expect(hangs.length).toBeLessThanOrEqual(16);
}, 60_000);

test("what was claimed by a process that died is sent by another when the claim is over, under the same id", async () => {
  await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  const dying = open();
  receiver.answer = () => undefined;
  await dying.record(makeThreshold(70));
  await expect.poll(() => receiver.received.length, POLL).toBe(1);
  const heir = open();
  receiver.answer = (response) => response.end("ok");
  heir.wake();
  await sleep(0);
  expect(receiver.received).toHaveLength(1);
  heir.nowMs += 61_000;
  heir.wake();
  await expect.poll(() => heir.states(), POLL).toEqual({ sent: 1 });
  expect(new Set(idsAt("/hook")).size).toBe(1);
  expect(receiver.received).toHaveLength(2);
  // The first one's late failure must not undo what the second one wrote.
  await dying.close();
  expect(await heir.states()).toEqual({ sent: 1 });
}, 60_000);

test("Retry-After is waited for, and after a day of failures a delivery is dead", async () => {
  await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  const world = open();
  receiver.answer = (response) => response.writeHead(429, { "retry-after": "600" }).end();
  await world.record(makeThreshold(70));
  const row = async () => (await postgres.db.select().from(deliveries))[0];
  await expect.poll(async () => (await row())?.lastError, POLL).toMatch(/429/);
  expect((await row())?.dueAt.getTime()).toBe(world.nowMs + 600_000);
  await postgres.db.update(deliveries).set({ attempts: MAX_ATTEMPTS - 1 });
  world.nowMs += 86_400_000;
  world.wake();
  await expect.poll(async () => (await row())?.state, POLL).toBe("dead");
  expect((await row())?.attempts).toBe(MAX_ATTEMPTS);
  world.nowMs += 86_400_000;
  world.wake();
  expect(receiver.received).toHaveLength(2);
}, 60_000);

test("waits double from half a minute to an hour, with jitter, and make a day before a delivery is given up", () => {
  const wait = (attempts: number, random: number, retryAfterMs: number | null = null) =>
    nextTryIn({ attempts, retryAfterMs }, random);
  expect([1, 2, 3, 7, 8, 20].map((attempts) => wait(attempts, 0.5))).toEqual([
    30_000, 60_000, 120_000, 1_920_000, 3_600_000, 3_600_000,
  ]);
  expect([wait(1, 0), wait(1, 0.999999)]).toEqual([24_000, 36_000]);
  expect(wait(1, 0.5, 5_000_000)).toBe(5_000_000);
  expect(wait(1, 0.5, 1e12)).toBe(86_400_000);
  let dayMs = 0;
  for (let attempts = 1; attempts < MAX_ATTEMPTS; attempts++) dayMs += wait(attempts, 0.5) ?? 0;
  expect(dayMs).toBeGreaterThanOrEqual(86_400_000);
  expect(dayMs).toBeLessThan(86_400_000 + 3_600_001);
  expect(wait(MAX_ATTEMPTS, 0.5)).toBeNull();
});

test("a channel that was removed gets nothing: what waits for it is cancelled", async () => {
  const gone = await makeChannel(postgres, webhook(`${receiver.url}/gone`));
  const world = open({ isSending: false });
  await world.record(makeThreshold(70));
  await expect.poll(() => world.states(), POLL).toEqual({ pending: 1 });
  await updateChannelRow(postgres.db, gone.id, { archivedAt: new Date(world.nowMs) });
  const sender = open();
  await expect.poll(() => sender.states(), POLL).toEqual({ cancelled: 1 });
  await world.record(makeThreshold(100));
  await expect.poll(() => isAllTold(postgres), POLL).toBe(true);
  expect(await sender.states()).toEqual({ cancelled: 1 });
  expect(receiver.received).toEqual([]);
}, 60_000);

test("a stage tells whom it names, else its audience; no other project's channel, and only what a channel wants", async () => {
  const { db } = postgres;
  const [own, other] = [await makeProject(db), await makeProject(db)];
  const at = (path: string) => webhook(`${receiver.url}${path}`);
  const named = await makeChannel(postgres, at("/named"), { audience: "finance" });
  const foreign = await makeChannel(postgres, at("/foreign"), { projectId: other.id });
  await makeChannel(postgres, at("/lead"));
  await makeChannel(postgres, at("/own"), { projectId: own.id });
  await makeChannel(postgres, at("/spikes"), { match: { kind: ["spike"] } });
  await makeChannel(postgres, at("/of-own"), { match: { project: [own.slug] } });
  await makeChannel(postgres, at("/crawler"), { match: { agent: ["crawler"] } });
  const world = open();
  const send = async (alert: NewAlert) => {
    receiver.received.length = 0;
    await world.record(alert);
    await expect
      .poll(async () => (await isAllTold(postgres)) && (await world.states()).pending, POLL)
      .toBeUndefined();
    return receiver.received.map(({ path }) => path).sort();
  };
  const audience = ["lead" as const];
  const given = { projectId: own.id, audience };
  expect(await send(makeThreshold(1, { ...given, notify: [named.id] }))).toEqual(["/named"]);
  expect(await send(makeThreshold(2, given))).toEqual(["/lead", "/of-own", "/own"]);
  expect(await send(makeThreshold(3, { ...given, notify: [foreign.id] }))).toEqual([
    "/lead",
    "/of-own",
    "/own",
  ]);
  expect(await send(makeThreshold(4, { audience }))).toEqual(["/lead"]);
  const agent = makeThreshold(5, { ...given, value: "crawler" });
  const facts = { ...agent.facts, scope: "agent" } as NewAlert["facts"];
  expect(await send({ ...agent, facts })).toEqual(["/crawler", "/lead", "/of-own", "/own"]);
  expect(await send(makeThreshold(6, { projectId: own.id, audience: ["engineering"] }))).toEqual(
    [],
  );
}, 60_000);

test("a snoozed subject is silenced until the end, unless calls are stopped", async () => {
  await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  const world = open();
  const until = new Date(world.nowMs + 60_000);
  await postgres.db.insert(alertSnoozes).values({ subject: "budget:b", until, by: "test" });
  await world.record(makeThreshold(70), makeThreshold(120, { mode: "observe" }));
  await expect.poll(() => world.states(), POLL).toEqual({ silenced: 2 });
  await world.record(makeThreshold(130));
  await expect.poll(() => world.states(), POLL).toEqual({ silenced: 2, sent: 1 });
  expect(titlesAt("/hook")).toEqual(["Agents <b>& passed 130 %: $13.00 of $10.00"]);
  world.nowMs += 60_000;
  await world.record(makeThreshold(80));
  await expect.poll(() => world.states(), POLL).toEqual({ silenced: 2, sent: 2 });
}, 60_000);

test("a budget of each value tells its first at once, and gathers the next for 15 minutes into one notice", async () => {
  const { db } = postgres;
  const { id: budgetId } = await makeBudget(db, { scope: "user", value: "*" });
  await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  const world = open();
  const crossing = (value: string, percent = 70) =>
    makeThreshold(percent, { budgetId, value, key: `${budgetId}:${value}:${percent}` });
  await world.record(crossing("u0"));
  await expect.poll(() => world.states(), POLL).toEqual({ sent: 1 });
  for (const from of [1, 600]) {
    const values = Array.from({ length: 599 }, (_, i) => `u${from + i}`);
    await world.record(...values.map((value) => crossing(value)));
    await expect.poll(() => isAllTold(postgres), POLL).toBe(true);
  }
  // Another stage is another digest: it waits for nobody.
  await world.record(crossing("u1", 100));
  await expect.poll(() => world.states(), POLL).toEqual({ sent: 2, pending: 1 });
  world.nowMs += 15 * 60_000;
  world.wake();
  await expect.poll(() => world.states(), POLL).toEqual({ sent: 3 });
  expect(titlesAt("/hook")).toEqual([
    "Agents <b>&, u0, passed 70 %: $7.00 of $10.00",
    "Agents <b>&, u1, passed 100 %: $10.00 of $10.00",
    expect.stringMatching(/, and 1197 more$/),
  ]);
  expect(JSON.parse(receiver.received.at(-1)?.body ?? "")).toMatchObject({ alerts_count: 1198 });
}, 60_000);

test("an incident of PagerDuty is opened once and resolved once, when all it tells is over", async () => {
  const url = `${receiver.url}/v2/enqueue`;
  await makeChannel(postgres, { type: "pagerduty", routing_key: "R".repeat(32), url });
  const world = open();
  await world.record(makeThreshold(100));
  await expect.poll(() => world.states(), POLL).toEqual({ sent: 1 });
  await resolveByKey(postgres, "threshold:b:100", new Date(world.nowMs));
  const again = open();
  await expect.poll(() => again.states(), POLL).toEqual({ sent: 2 });
  const third = open();
  await third.record(makeThreshold(70));
  await expect.poll(() => third.states(), POLL).toEqual({ sent: 3 });
  const events = receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(events[0]).toMatchObject({
    routing_key: "R".repeat(32),
    event_action: "trigger",
    payload: { summary: "Agents <b>& passed 100 %: $10.00 of $10.00", severity: "error" },
  });
  expect(events[1]).toEqual({
    routing_key: "R".repeat(32),
    event_action: "resolve",
    dedup_key: events[0]?.dedup_key,
  });
  expect(events[2]?.dedup_key).not.toBe(events[0]?.dedup_key);
}, 60_000);

test("an alert that no channel is there for is told all the same", async () => {
  const world = open();
  await postgres.db.transaction((tx) => recordAlerts(tx, [makeThreshold(70)]));
  // Nobody woke the job: it looks each second.
  await expect.poll(() => isAllTold(postgres), POLL).toBe(true);
  expect(await world.states()).toEqual({});
}, 60_000);
