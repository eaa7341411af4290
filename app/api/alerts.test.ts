import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { POST as ACKNOWLEDGE } from "@/app/api/alerts/[id]/acknowledge/route";
import { POST as RESEND } from "@/app/api/alerts/[id]/resend/route";
import { GET as ONE } from "@/app/api/alerts/[id]/route";
import { POST as SNOOZE } from "@/app/api/alerts/[id]/snooze/route";
import { GET } from "@/app/api/alerts/route";
import { GET as CHANNELS } from "@/app/api/channels/route";
import { updateChannelRow } from "@/db/queries/channels";
import { insertDeliveries } from "@/db/queries/deliveries";
import { alerts, deliveries } from "@/db/schema/alerts";
import type { NewAlert } from "@/lib/alerts/alert";
import { recordAlerts } from "@/lib/alerts/record-alert";
import {
  makeChannel,
  makeThreshold,
  openNoticeWorld,
  resolveByKey,
  webhook,
} from "@/lib/alerts/testing/notice-world";
import type { RouteHandler } from "@/lib/api-route";
import { auditOf } from "@/lib/testing/audit-of";
import { type Receiver, serveReceiver } from "@/lib/testing/serve-receiver";
import {
  makeProject,
  makeSessionCookie,
  makeUser,
  openTestRuntime,
  TEST_PUBLIC_URL,
  type TestRuntime,
} from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
let receiver: Receiver;
beforeAll(async () => {
  [runtime, receiver] = await Promise.all([openTestRuntime(), serveReceiver()]);
});
afterAll(async () => {
  await receiver.close();
  await runtime.close();
});

async function ask(
  route: RouteHandler,
  cookie: string,
  { query = "", body, id }: { query?: string; body?: object; id?: string } = {},
) {
  const request = new Request(`${TEST_PUBLIC_URL}/api/alerts${query}`, {
    method: body ? "POST" : "GET",
    headers: { cookie, origin: TEST_PUBLIC_URL, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const response = await route(request, { params: Promise.resolve(id ? { id } : {}) });
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) };
}
const asRole = async (role: Parameters<typeof makeUser>[1], projectId: string | null = null) =>
  makeSessionCookie(runtime, (await makeUser(runtime.postgres.db, role, projectId)).id);

let number = 0;
/** An alert of a test's own: its key and subject are nobody else's. */
async function record(given: Partial<NewAlert> = {}, percent = 70): Promise<string> {
  number += 1;
  const own = { key: `k${number}`, subject: `s${number}`, ...given };
  const [alert] = await recordAlerts(runtime.postgres.db, [makeThreshold(percent, own)]);
  return alert?.id ?? "";
}

test("alerts come latest first, page by page, none twice and none left out, by state and kind", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const engineer = await asRole("engineer", project.id);
  const ids: string[] = [];
  // Three at each instant: a page ends among them.
  for (let i = 0; i < 12; i++) {
    const openedAt = new Date(Date.UTC(2026, 6, 1, 12, Math.floor(i / 3)));
    ids.push(await record({ projectId: project.id, openedAt, key: `page ${i}` }));
  }
  const query = `?project=${project.slug}&kind=threshold&limit=5`;
  const seen: string[] = [];
  let cursor = "";
  do {
    const page = await ask(GET, engineer, { query: `${query}${cursor && `&cursor=${cursor}`}` });
    expect(page.status).toBe(200);
    seen.push(...page.json.alerts.map((one: { id: string }) => one.id));
    cursor = encodeURIComponent(page.json.next_cursor ?? "");
  } while (cursor !== "");
  const own = seen.filter((id) => ids.includes(id));
  expect(new Set(own)).toEqual(new Set(ids));
  expect(own).toHaveLength(12);
  const other = await ask(GET, engineer, { query: "?limit=1&kind=spike" });
  expect(other.json.alerts).toEqual([]);
  const altered = await ask(GET, engineer, { query: `${query}&state=open&cursor=abc.def` });
  expect(altered.status).toBe(400);

  await ask(ACKNOWLEDGE, engineer, { id: ids[0] ?? "", body: { note: "on it" } });
  await ask(SNOOZE, engineer, { id: ids[1] ?? "", body: { minutes: 60, reason: "known" } });
  await resolveByKey(runtime.postgres, "page 2", new Date());
  const inState = async (state: string) => {
    const listed = await ask(GET, engineer, { query: `?limit=200&state=${state}` });
    return listed.json.alerts
      .map((one: { id: string }) => one.id)
      .filter((id: string) => ids.includes(id));
  };
  expect(await inState("acknowledged")).toEqual([ids[0]]);
  expect(await inState("snoozed")).toEqual([ids[1]]);
  expect(await inState("resolved")).toEqual([ids[2]]);
  expect(await inState("open")).toHaveLength(9);
});

test("what is being sent is not sent beside that a second time, and a failed try that waits is sent at once", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const engineer = await asRole("engineer", project.id);
  const channel = await makeChannel(runtime.postgres, webhook(`${receiver.url}/busy`), {
    projectId: project.id,
  });
  const id = await record({ projectId: project.id });
  // Before its channels are chosen nothing can be sent again: the teller would plan it once more.
  expect((await ask(RESEND, engineer, { id, body: { channel: channel.id } })).status).toBe(409);
  await db.update(alerts).set({ toldAt: new Date() }).where(eq(alerts.id, id));
  const nowMs = Date.now();
  const delivery = {
    id: crypto.randomUUID(),
    channelId: channel.id,
    attempts: 1,
    dueAt: new Date(nowMs - 1_000),
    claimedUntil: new Date(nowMs + 60_000),
  };
  await insertDeliveries(db, [{ row: delivery, alertIds: [id] }]);
  for (const body of [{}, { channel: channel.id }, { delivery_id: delivery.id }]) {
    expect((await ask(RESEND, engineer, { id, body })).status).toBe(409);
  }
  const own = eq(deliveries.id, delivery.id);
  expect(await db.select().from(deliveries).where(own)).toMatchObject([{ resends: 0 }]);
  const later = { claimedUntil: null, dueAt: new Date(nowMs + 3_600_000) };
  await db.update(deliveries).set(later).where(own);
  expect((await ask(RESEND, engineer, { id, body: {} })).status).toBe(200);
  const [waiting] = await db.select().from(deliveries).where(own);
  expect(waiting).toMatchObject({ resends: 1, attempts: 0, state: "pending" });
  expect(waiting?.dueAt.getTime()).toBeLessThan(nowMs + 60_000);
  // It is nobody else's test.
  await db.update(deliveries).set({ state: "cancelled" }).where(own);
  await updateChannelRow(db, channel.id, { archivedAt: new Date() });
});

test("nothing is snoozed for more than 90 days, however the end is given", async () => {
  const project = await makeProject(runtime.postgres.db);
  const engineer = await asRole("engineer", project.id);
  const id = await record({ projectId: project.id });
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const late = await ask(SNOOZE, engineer, { id, body: { until: inDays(91) } });
  expect(late).toMatchObject({ status: 422, json: { errors: [{ path: "until" }] } });
  expect((await ask(SNOOZE, engineer, { id, body: { until: inDays(89) } })).status).toBe(200);
});

test("acknowledge, snooze and resend refuse a viewer, and who may not see an alert does not find it", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const [own, common] = [await record({ projectId: project.id }), await record()];
  const viewer = await asRole("viewer", project.id);
  const stranger = await asRole("admin", (await makeProject(db)).id);
  const bodies = [
    [ACKNOWLEDGE, { note: "" }],
    [SNOOZE, { minutes: 5 }],
    [RESEND, {}],
  ] as const;
  for (const [route, body] of bodies) {
    expect((await ask(route, viewer, { id: own, body })).status).toBe(403);
    expect((await ask(route, stranger, { id: own, body })).status).toBe(404);
    // One of the whole installation is everybody's: handling it takes the right everywhere.
    expect((await ask(route, stranger, { id: common, body })).status).toBe(403);
  }
  expect((await ask(ONE, stranger, { id: own })).status).toBe(404);
  expect((await ask(ONE, viewer, { id: own })).json).toMatchObject({ id: own, can_handle: false });
  const listed = await ask(GET, stranger, { query: "?limit=200" });
  expect(listed.text).not.toContain(own);
  expect(await auditOf(db, own)).toEqual([]);
});

test("a reader of one project sees that the installation's budget was crossed, and no name of another project", async () => {
  const { db } = runtime.postgres;
  const [own, other] = [await makeProject(db), await makeProject(db)];
  const reader = await asRole("viewer", own.id);
  const boss = await asRole("viewer");
  const secret = "secret-agent-of-another-project";
  const hidden = await record({ value: secret });
  const ofProject = async (value: string) => {
    const alert = makeThreshold(70, { value, key: `of ${value}`, subject: `of ${value}` });
    const facts = { ...alert.facts, scope: "project" } as NewAlert["facts"];
    const [made] = await recordAlerts(db, [{ ...alert, facts }]);
    return made?.id ?? "";
  };
  const [mine, theirs] = [await ofProject(own.id), await ofProject(other.id)];
  const seen = await ask(GET, reader, { query: "?limit=200" });
  expect(seen.text).not.toContain(secret);
  expect(seen.text).not.toContain(other.slug);
  expect(seen.text).not.toContain(theirs);
  const find = (answer: typeof seen, id: string) =>
    answer.json.alerts.find((one: { id: string }) => one.id === id);
  expect(find(seen, hidden)).toMatchObject({
    value: null,
    facts: null,
    period: null,
    title: expect.stringContaining("another project's"),
  });
  expect(find(seen, mine)).toMatchObject({ value: own.slug });
  const all = await ask(GET, boss, { query: "?limit=200" });
  expect(find(all, hidden)).toMatchObject({ value: secret, facts: { kind: "threshold" } });
  expect(find(all, theirs)).toMatchObject({ value: other.slug });
});

test("who is at it, until when it is silent and why are told, changed and ended, each with its audit row", async () => {
  const { db } = runtime.postgres;
  const finance = await asRole("finance");
  const id = await record();
  const noted = await ask(ACKNOWLEDGE, finance, { id, body: { note: "calling the team" } });
  expect(noted.json).toMatchObject({
    state: "acknowledged",
    acknowledged: { by: "A finance", note: "calling the team" },
  });
  const past = await ask(SNOOZE, finance, { id, body: { until: "2020-01-01T00:00:00Z" } });
  expect(past).toMatchObject({ status: 422, json: { errors: [{ path: "until" }] } });
  expect((await ask(SNOOZE, finance, { id, body: { reason: "x" } })).status).toBe(422);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const snoozed = await ask(SNOOZE, finance, { id, body: { until, reason: "load test" } });
  expect(snoozed.json).toMatchObject({
    state: "snoozed",
    snoozed: { until, by: "A finance", reason: "load test" },
  });
  const ended = await ask(SNOOZE, finance, { id, body: { until: null } });
  expect(ended.json).toMatchObject({ state: "acknowledged", snoozed: null });
  expect((await auditOf(db, id)).map(({ action }) => action)).toEqual([
    "alert.acknowledge",
    "alert.snooze",
    "alert.end_snooze",
  ]);
});

test("a dead letter is seen with its tries and sent again as another notice; so is a channel that was not told", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const engineer = await asRole("engineer", project.id);
  const projectId = project.id;
  const hook = await makeChannel(runtime.postgres, webhook(`${receiver.url}/hook`), { projectId });
  const late = await makeChannel(runtime.postgres, webhook(`${receiver.url}/late`), {
    projectId,
    match: { kind: ["spike"] },
  });
  const world = openNoticeWorld(runtime.postgres);
  try {
    receiver.answer = (response) => response.writeHead(500).end("boom");
    const id = await record({ projectId, audience: ["lead", "finance"] });
    world.wake();
    const readLast = async () => {
      const { json } = await ask(CHANNELS, engineer, { query: `?project=${project.slug}` });
      const listed = json.channels.find((one: { id: string }) => one.id === hook.id);
      return listed.last_delivery;
    };
    expect(await readLast()).toBeOneOf([null, expect.objectContaining({ state: "pending" })]);
    const read = async () => {
      const { json } = await ask(GET, engineer, { query: `?project=${project.slug}&limit=200` });
      return json.alerts.find((one: { id: string }) => one.id === id);
    };
    const poll = (got: () => Promise<unknown>) =>
      expect.poll(got, { timeout: 30_000, interval: 50 });
    await poll(async () => (await read()).deliveries[0]?.tries.length).toBe(1);
    expect((await ask(RESEND, engineer, { id, body: { delivery_id: projectId } })).status).toBe(
      404,
    );
    // Thirty more failures, a clock moved between them, make it dead.
    for (let attempt = 2; attempt <= 31; attempt++) {
      world.nowMs += 5_000_000;
      world.wake();
      await poll(async () => (await read()).deliveries[0]?.tries.length).toBe(attempt);
    }
    const dead = await read();
    expect(dead.deliveries).toMatchObject([
      {
        state: "dead",
        channel: { id: hook.id, type: "webhook" },
        last_error: expect.stringMatching(/500: boom/),
      },
    ]);
    // Nobody made a channel for finance: they heard nothing, and it says so.
    expect(dead).toMatchObject({ audience: ["lead", "finance"], untold_audience: ["finance"] });
    expect(await readLast()).toMatchObject({
      state: "dead",
      last_error: dead.deliveries[0].last_error,
    });
    const before = receiver.received.length;
    receiver.answer = (response) => response.end("ok");
    const resent = await ask(RESEND, engineer, { id, body: {} });
    expect(resent.json.deliveries).toMatchObject([{ state: "pending", attempts: 0, resends: 1 }]);
    world.nowMs = Date.now() + 1_000;
    world.wake();
    await poll(async () => (await read()).deliveries[0]?.state).toBe("sent");
    const noticeIds = receiver.received.map(({ headers }) => headers["outlay-notice-id"]);
    expect(new Set(noticeIds.slice(0, before)).size).toBe(1);
    expect(noticeIds.slice(before)).toEqual([`${noticeIds[0]}.1`]);
    expect((await read()).deliveries[0].tries).toHaveLength(32);

    await ask(RESEND, engineer, { id, body: { channel: late.id } });
    world.nowMs = Date.now() + 2_000;
    world.wake();
    await poll(async () =>
      (await read()).deliveries.map((one: { state: string }) => one.state),
    ).toEqual(["sent", "sent"]);
    const foreign = await makeChannel(runtime.postgres, webhook(receiver.url), {
      projectId: (await makeProject(db)).id,
    });
    const refused = await ask(RESEND, engineer, { id, body: { channel: foreign.id } });
    expect(refused).toMatchObject({ status: 422, json: { errors: [{ path: "channel" }] } });
    for (const one of [hook, late]) await updateChannelRow(db, one.id, { archivedAt: new Date() });
    expect((await ask(RESEND, engineer, { id, body: {} })).status).toBe(409);
  } finally {
    await world.close();
  }
}, 240_000);
