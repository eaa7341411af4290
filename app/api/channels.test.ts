import { afterAll, beforeAll, expect, test } from "vitest";
import { DELETE, PATCH } from "@/app/api/channels/[id]/route";
import { POST as TEST } from "@/app/api/channels/[id]/test/route";
import { GET, POST } from "@/app/api/channels/route";
import { insertDeliveries } from "@/db/queries/deliveries";
import { channels, deliveries } from "@/db/schema/alerts";
import type { RouteHandler } from "@/lib/api-route";
import { auditOf } from "@/lib/testing/audit-of";
import { type Receiver, serveReceiver } from "@/lib/testing/serve-receiver";
import {
  makeKey,
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

type Who = { key: string } | { cookie: string };
async function ask(
  route: RouteHandler,
  who: Who,
  options: { method?: string; query?: string; body?: object; id?: string } = {},
) {
  const { method = "GET", query = "", body, id } = options;
  const signed =
    "key" in who
      ? { authorization: `Bearer ${who.key}` }
      : { cookie: who.cookie, origin: TEST_PUBLIC_URL };
  const request = new Request(`${TEST_PUBLIC_URL}/api/channels${query}`, {
    method,
    headers: { ...signed, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const response = await route(request, { params: Promise.resolve(id ? { id } : {}) });
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) };
}

const post = (who: Who, body: object) => ask(POST, who, { method: "POST", body });
const asRole = async (role: Parameters<typeof makeUser>[1], projectId: string | null = null) => {
  const user = await makeUser(runtime.postgres.db, role, projectId);
  return { cookie: await makeSessionCookie(runtime, user.id) };
};
const TOKEN = "T0KENT0KENT0KENab12";
const slack = {
  name: "Team",
  type: "slack",
  audience: "lead",
  config: { url: `https://hooks.example.com/services/${TOKEN}` },
};

test("a channel is made, listed, changed and removed, and no answer, no audit row and no stored row holds its secrets", async () => {
  const { db } = runtime.postgres;
  const { key } = await makeKey(db, { scopes: ["admin"], isInstallation: true });
  const all = [];
  const made = await post({ key }, { ...slack, project: null });
  all.push(made);
  expect(made).toMatchObject({
    status: 201,
    json: { project: null, config: { url: "https://hooks.example.com/…ab12" }, secret: null },
  });
  const id = made.json.id as string;
  const config = { url: "https://example.com/hook?key=S3CRET-S3CRET" };
  const hook = await post({ key }, { ...slack, type: "webhook", config });
  const secret = hook.json.secret as string;
  expect(secret).toMatch(/^whsec_[\w-]{43}$/);
  const routing_key = "R0UT1NGKEYR0UT1NGKEYR0UT1NGKEYcd";
  const pager = await post({ key }, { ...slack, type: "pagerduty", config: { routing_key } });
  all.push(pager);
  expect(pager.json.config.routing_key).toBe("…EYcd");
  all.push(await ask(PATCH, { key }, { method: "PATCH", id, body: { name: "Renamed" } }));
  const rotated = await ask(
    PATCH,
    { key },
    {
      method: "PATCH",
      id: hook.json.id,
      body: { config: { secret: null } },
    },
  );
  expect(rotated.json.secret).toMatch(/^whsec_/);
  expect(rotated.json.secret).not.toBe(secret);
  expect(rotated.json.config.url).toBe(hook.json.config.url);
  const listed = await ask(GET, { key }, { query: "?project=*" });
  all.push(listed);
  expect(listed.json.channels).toHaveLength(3);
  all.push(await ask(DELETE, { key }, { method: "DELETE", id }));
  expect((await ask(GET, { key }, { query: "?project=*" })).json.channels).toHaveLength(2);
  expect((await ask(PATCH, { key }, { method: "PATCH", id, body: { name: "x" } })).status).toBe(
    404,
  );
  const audit = await auditOf(db, id);
  expect(audit.map(({ action }) => action)).toEqual([
    "channel.create",
    "channel.update",
    "channel.archive",
  ]);
  const stored = JSON.stringify([await db.select().from(channels), audit]);
  for (const text of [stored, ...all.map((answer) => answer.text)]) {
    for (const hidden of [TOKEN, "S3CRET", secret, rotated.json.secret as string, routing_key]) {
      expect(text).not.toContain(hidden);
    }
  }
});

test("every change and the test refuse a viewer, finance and an engineer; a viewer does not see channels", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const admin = await asRole("admin", project.id);
  const made = await post(admin, { ...slack, project: project.slug });
  expect(made).toMatchObject({ status: 201, json: { project: project.slug, can_change: true } });
  // Of every project it takes the right in every one.
  expect((await post(admin, { ...slack, project: null })).status).toBe(403);
  const id = made.json.id as string;
  for (const role of ["viewer", "finance", "engineer"] as const) {
    const who = await asRole(role, project.id);
    expect((await post(who, { ...slack, project: project.slug })).status).toBe(403);
    expect((await ask(PATCH, who, { method: "PATCH", id, body: { name: "x" } })).status).toBe(403);
    expect((await ask(DELETE, who, { method: "DELETE", id })).status).toBe(403);
    expect((await ask(TEST, who, { method: "POST", id })).status).toBe(403);
    expect((await ask(GET, who)).status).toBe(role === "viewer" ? 403 : 200);
  }
  const stranger = await asRole("admin", (await makeProject(db)).id);
  expect(
    (await ask(GET, stranger)).json.channels.map((one: { id: string }) => one.id),
  ).not.toContain(id);
  expect((await ask(DELETE, stranger, { method: "DELETE", id })).status).toBe(404);
});

test("what cannot be sent to is refused at once, with the path: private addresses, other schemes, line breaks, mail without SMTP_URL", async () => {
  const who = await asRole("admin");
  const pathsOf = async (body: object) => {
    const { status, json } = await post(who, body);
    expect(status).toBe(422);
    return json.errors.map(({ path }: { path: string }) => path);
  };
  for (const url of [
    "http://127.0.0.1/",
    "http://0x7f.1/",
    "http://[::ffff:10.0.0.1]/",
    "https://169.254.169.254/latest",
    "https://user:secret@example.com/",
    "ftp://example.com/",
    "nonsense",
  ]) {
    expect(await pathsOf({ ...slack, config: { url } })).toEqual(["config.url"]);
  }
  const email = { ...slack, type: "email" };
  expect(await pathsOf({ ...email, config: { to: ["a@example.com"] } })).toEqual(["type"]);
  expect(
    await pathsOf({ ...email, config: { to: ["a@example.com\r\nBcc: b@example.com"] } }),
  ).toEqual(["config.to.0"]);
  expect(await pathsOf({ ...slack, config: { to: ["a@example.com"] } })).toContain("config.to");
  expect(await pathsOf({ ...slack, match: { project: ["nobodys"] } })).toEqual(["match.project.0"]);
  const made = await post(who, slack);
  const id = made.json.id as string;
  const changed = (config: object) => ask(PATCH, who, { method: "PATCH", id, body: { config } });
  expect((await changed({ url: "http://10.0.0.1/" })).status).toBe(422);
  expect((await changed({ secret: "a-secret-of-20-letters" })).json.errors[0].path).toBe(
    "config.secret",
  );
  expect((await ask(PATCH, who, { method: "PATCH", id, body: { type: "email" } })).status).toBe(
    422,
  );
});

test("a test-send says what came of it, is guarded as any notice is, and leaves an audit row", async () => {
  const { db } = runtime.postgres;
  const who = await asRole("admin");
  runtime.env.mayReachPrivate = true;
  const made = await post(who, { ...slack, config: { url: `${receiver.url}/hook` } });
  const id = made.json.id as string;
  const sent = await ask(TEST, who, { method: "POST", id });
  expect(sent.json).toMatchObject({ sent: true, receipt: "HTTP 200", error: null });
  expect(receiver.received.at(-1)?.body).toContain("This is a test of the channel Team");
  runtime.env.mayReachPrivate = false;
  const guarded = await ask(TEST, who, { method: "POST", id });
  expect(guarded.json).toMatchObject({ sent: false, error: expect.stringContaining("no public") });
  expect(receiver.received).toHaveLength(1);
  const tests = (await auditOf(db, id)).filter(({ action }) => action === "channel.test");
  expect(tests.map(({ after }) => after)).toEqual([{ sent: true }, { sent: false }]);
});

test("with another OUTLAY_SECRET_KEY a channel says so, and the others are listed as before", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const who = await asRole("admin", project.id);
  const own = { ...slack, project: project.slug };
  const old = await post(who, { ...own, name: "old" });
  const { sealing } = runtime.secrets;
  runtime.secrets.sealing = "another key of the tests";
  try {
    await post(who, { ...own, name: "young" });
    const listed = (
      await ask(GET, who, { query: `?project=${project.slug}` })
    ).json.channels.filter((one: { project: string | null }) => one.project !== null);
    expect(listed).toMatchObject([
      { name: "old", config: null, problem: expect.stringContaining("OUTLAY_SECRET_KEY") },
      { name: "young", config: { url: "https://hooks.example.com/…ab12" }, problem: null },
    ]);
    const body = { config: { url: "https://example.com/" } };
    const id = old.json.id as string;
    const changed = await ask(PATCH, who, { method: "PATCH", id, body });
    expect(changed).toMatchObject({
      status: 409,
      json: { detail: expect.stringContaining("SECRET_KEY") },
    });
    expect((await ask(DELETE, who, { method: "DELETE", id })).status).toBe(200);
  } finally {
    runtime.secrets.sealing = sealing;
  }
});

test("removing a channel cancels what waits for it", async () => {
  const { db } = runtime.postgres;
  const who = await asRole("admin");
  const { json } = await post(who, slack);
  const row = { id: crypto.randomUUID(), channelId: json.id as string, dueAt: new Date() };
  await insertDeliveries(db, [{ row, alertIds: [crypto.randomUUID()] }]);
  await ask(DELETE, who, { method: "DELETE", id: json.id });
  const rows = (await db.select().from(deliveries)).filter(({ id }) => id === row.id);
  expect(rows).toMatchObject([{ state: "cancelled", lastError: "its channel was removed" }]);
});
