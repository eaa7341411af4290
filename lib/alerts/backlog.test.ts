import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { claimDeliveries, releaseDeliveries } from "@/db/queries/claim-deliveries";
import { listAttempts } from "@/db/queries/deliveries";
import { alerts, channels, deliveries } from "@/db/schema/alerts";
import { tellAlerts } from "@/lib/alerts/tell-alerts";
import {
  makeChannel,
  makeThreshold,
  type NoticeWorld,
  openNoticeWorld,
  webhook,
} from "@/lib/alerts/testing/notice-world";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { type Receiver, serveReceiver } from "@/lib/testing/serve-receiver";

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
const SELDOM = { timeout: 90_000, interval: 500 };
const NOW = new Date("2026-07-01T11:00:05Z");
const UNTIL = new Date("2026-07-01T11:01:05Z");
const stages = (count: number) => Array.from({ length: count }, (_, i) => makeThreshold(1 + i));
const claim = (given: { busyChannelIds?: string[]; now?: Date; perChannel?: number } = {}) =>
  claimDeliveries(postgres.db, {
    now: NOW,
    until: UNTIL,
    channels: 8,
    perChannel: 3,
    busyChannelIds: [],
    ...given,
  });

async function plan(count: number): Promise<void> {
  const world = open({ isSending: false });
  await world.record(...stages(count));
  await tellAlerts({ postgres, now: () => NOW.getTime() });
}

test("a channel's backlog is claimed several at once, each delivery by one sender only", async () => {
  const channel = await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  await plan(7);
  const claims = [await claim(), await claim(), await claim(), await claim()];
  expect(claims.map((some) => some.length)).toEqual([3, 3, 1, 0]);
  expect(new Set(claims.flat().map(({ id }) => id)).size).toBe(7);
  expect(await claim({ now: UNTIL, busyChannelIds: [channel.id] })).toEqual([]);
  // Whoever took them died: they are free again.
  expect(await claim({ now: UNTIL, perChannel: 10 })).toHaveLength(7);
});

test("what was claimed and not begun is put back without a try; what somebody else has by then is left alone", async () => {
  await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  await plan(3);
  const first = await claim();
  await releaseDeliveries(postgres.db, first);
  const again = await claim();
  expect(again.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
  const later = await claim({ now: UNTIL });
  expect(later.map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
  await releaseDeliveries(postgres.db, again);
  const rows = await postgres.db.select().from(deliveries);
  expect(rows.every((row) => row.attempts === 2 && row.claimedUntil !== null)).toBe(true);
});

test("a digest is claimed alone or first, so that one that was begun is never put back", async () => {
  const channel = await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  const at = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
  const rows = ["a", "b", null, "c", null].map((digestKey, i) => {
    return { channelId: channel.id, digestKey, dueAt: at(10 - i) };
  });
  await postgres.db.insert(deliveries).values(rows);
  const keys = async () => (await claim({ perChannel: 10 })).map(({ digestKey }) => digestKey);
  expect(await keys()).toEqual(["a", null, null]);
  expect(await keys()).toEqual(["b"]);
  expect(await keys()).toEqual(["c"]);
});

test("a backlog of several channels drains, each notice once, by two senders too", async () => {
  const paths = ["/one", "/two"];
  for (const path of paths) await makeChannel(postgres, webhook(`${receiver.url}${path}`));
  const [world, other] = [open(), open()];
  await world.record(...stages(200));
  other.wake();
  await expect.poll(() => world.states(), SELDOM).toEqual({ sent: 400 });
  const ids = receiver.received.map(({ headers }) => headers["outlay-notice-id"]);
  expect(ids).toHaveLength(400);
  expect(new Set(ids).size).toBe(400);
  const rows = await postgres.db.select().from(deliveries);
  expect(rows.every((row) => row.attempts === 1 && row.receipt === "HTTP 200")).toBe(true);
  const tries = await listAttempts(
    postgres.db,
    rows.map(({ id }) => id),
  );
  expect(tries).toHaveLength(400);
}, 120_000);

test("a channel that is removed while its backlog is sent gets none of the rest", async () => {
  const channel = await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  const held: (() => void)[] = [];
  receiver.answer = (response) => held.push(() => response.end("ok"));
  const world = open();
  await world.record(...stages(20));
  await expect.poll(() => held.length, POLL).toBe(1);
  await postgres.db.update(channels).set({ archivedAt: NOW }).where(eq(channels.id, channel.id));
  held[0]?.();
  await expect.poll(() => world.states(), POLL).toEqual({ sent: 1, cancelled: 19 });
  expect(receiver.received).toHaveLength(1);
}, 60_000);

test("a process that stops in a backlog puts the rest back at once, for another to send", async () => {
  await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  const held: (() => void)[] = [];
  receiver.answer = (response) => held.push(() => response.end("ok"));
  const stopping = open();
  await stopping.record(...stages(20));
  await expect.poll(() => held.length, POLL).toBe(1);
  const closed = stopping.close();
  held[0]?.();
  await closed;
  const rows = await postgres.db.select().from(deliveries);
  expect(rows.filter(({ state }) => state === "sent")).toHaveLength(1);
  const left = rows.filter(({ state }) => state === "pending");
  expect(left).toHaveLength(19);
  expect(left.every((row) => row.attempts === 0 && row.claimedUntil === null)).toBe(true);
  expect(receiver.received).toHaveLength(1);
}, 60_000);

test("an alert that cannot be put into words counts its tries and is given up, and holds up no other", async () => {
  await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  await plan(3);
  await postgres.db
    .update(alerts)
    .set({ facts: { kind: "?" } })
    .where(eq(alerts.percent, "2"));
  const world = open();
  world.wake();
  await expect.poll(() => world.states(), POLL).toEqual({ sent: 2, pending: 1 });
  const rows = await postgres.db.select().from(deliveries);
  const failed = rows.find(({ state }) => state === "pending");
  expect(failed).toMatchObject({ attempts: 1, lastError: "Outlay could not send it." });
  expect(failed?.dueAt).toEqual(new Date(world.nowMs + 30_000));
  expect(failed?.claimedUntil).toBeNull();
}, 60_000);

test("what a receiver says may hold a zero or half a character: it is written down all the same", async () => {
  await makeChannel(postgres, webhook(`${receiver.url}/hook`));
  receiver.answer = (response) => response.writeHead(500).end(`no\0 \u{1f600}`.repeat(90));
  const world = open();
  await world.record(makeThreshold(70));
  const error = async () => (await postgres.db.select().from(deliveries))[0]?.lastError;
  await expect.poll(error, POLL).toMatch(/answered 500/);
}, 60_000);
