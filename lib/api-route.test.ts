import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { setUserSessionRevoked } from "@/db/queries/users";
import { users } from "@/db/schema/users";
import { apiRoute } from "@/lib/api-route";
import { readSessionId } from "@/lib/auth/session-cookie";
import { OutlayError } from "@/lib/errors";
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
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

const ask = apiRoute(
  {
    permission: "spend.read",
    query: z.strictObject({ limit: z.coerce.number().int().max(10).default(5) }),
  },
  async ({ projects, query, actor }) => ({
    projects: projects.map(({ slug, role }) => ({ slug, role })),
    limit: query.limit,
    actor: actor.type,
  }),
);
const write = apiRoute(
  {
    permission: "prices.write",
    body: z.strictObject({
      name: z.string().min(1),
      tags: z.array(z.strictObject({ a: z.int() })),
    }),
  },
  async ({ body }) => body,
);

/** What these routes answer, or their problem. */
const answerSchema = z.looseObject({
  detail: z.string().default(""),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
  projects: z.array(z.looseObject({ slug: z.string() })).default([]),
});

async function call(
  route: typeof ask,
  headers: Record<string, string>,
  {
    path = "/api/x",
    method = "GET",
    body,
  }: { path?: string; method?: string; body?: BodyInit } = {},
) {
  const request = new Request(`${TEST_PUBLIC_URL}${path}`, {
    method,
    headers,
    ...(body ? { body } : {}),
  });
  const response = await route(request, { params: Promise.resolve({}) });
  const json = answerSchema.parse(await response.json());
  return { status: response.status, headers: response.headers, json };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const JSON_BODY = { "content-type": "application/json" };

test("nobody is told to sign in, and an unknown key is not tried as a person", async () => {
  const nobody = await call(ask, {});
  expect(nobody.status).toBe(401);
  expect(nobody.headers.get("content-type")).toBe("application/problem+json");
  expect(nobody.headers.get("www-authenticate")).toBe("Bearer");
  const admin = await makeUser(runtime.postgres.db, "admin");
  const cookie = await makeSessionCookie(runtime, admin.id);
  expect((await call(ask, { cookie })).status).toBe(200);
  expect((await call(ask, { cookie, ...bearer("outlay_made_up") })).status).toBe(401);
  expect((await call(ask, { cookie, "x-api-key": "outlay_made_up" })).status).toBe(401);
});

test("a cookie that was altered, signed out, expired or of a disabled person opens nothing", async () => {
  const { db } = runtime.postgres;
  const user = await makeUser(db, "viewer");
  const cookie = await makeSessionCookie(runtime, user.id);
  expect((await call(ask, { cookie: `${cookie.slice(0, -2)}xx` })).status).toBe(401);
  const token = cookie.slice(cookie.indexOf("=") + 1);
  const sessionId = await readSessionId(token, runtime.secrets.nextauth);
  expect(await readSessionId(token, "another secret of sixteen")).toBeNull();
  await setUserSessionRevoked(db, sessionId ?? "", new Date());
  expect((await call(ask, { cookie })).status).toBe(401);
  const second = await makeSessionCookie(runtime, user.id);
  expect((await call(ask, { cookie: second })).status).toBe(200);
  await db.update(users).set({ disabledAt: new Date() });
  expect((await call(ask, { cookie: second })).status).toBe(401);
  await db.update(users).set({ disabledAt: null });
});

test("only an answer that is long is worth compressing, and none is kept by anybody", async () => {
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["read"] });
  const answerOf = (length: number) =>
    apiRoute({ permission: "spend.read" }, async () => ({ text: "\u20ac".repeat(length) }));
  const short = await call(answerOf(10), bearer(key));
  expect(short.headers.get("cache-control")).toBe("no-store, no-transform");
  const long = await call(answerOf(5_000), bearer(key));
  expect(long.headers.get("cache-control")).toBe("no-store");
  expect(long.headers.get("content-type")).toBe("application/json");
});

test("an unknown parameter is a 400 that names it, and so is a wrong or repeated one", async () => {
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["read"] });
  const unknown = await call(ask, bearer(key), { path: "/api/x?limit=3&limt=4&modle=x" });
  expect(unknown.status).toBe(400);
  expect(unknown.json.errors).toEqual([
    { path: "limt", message: "is not a known parameter" },
    { path: "modle", message: "is not a known parameter" },
  ]);
  const wrong = await call(ask, bearer(key), { path: "/api/x?limit=11" });
  expect(wrong.json).toMatchObject({ status: 400, errors: [{ path: "limit" }] });
  const twice = await call(ask, bearer(key), { path: "/api/x?project=a&project=b" });
  expect(twice.json).toMatchObject({ status: 400, errors: [{ path: "project" }] });
});

test("a body's faults are a 422 with the path of each; no JSON, no type and too much are told apart", async () => {
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["admin"] });
  const headers = { ...bearer(key), ...JSON_BODY };
  const post = (body: BodyInit, extra: Record<string, string> = {}) =>
    call(write, { ...headers, ...extra }, { method: "POST", body });
  const faults = await post(JSON.stringify({ tags: [{ a: 1 }, { a: "1", b: 2 }], nmae: "x" }));
  expect(faults.status).toBe(422);
  expect(faults.json.errors.map((fault) => fault.path).sort()).toEqual([
    "name",
    "nmae",
    "tags.1.a",
    "tags.1.b",
  ]);
  const fraction = await post(JSON.stringify({ name: "n", tags: [{ a: 1.5 }] }));
  expect(fraction.json.errors).toEqual([{ path: "tags.0.a", message: "must be a whole number" }]);
  expect((await post("[]")).json.errors).toEqual([{ path: "", message: "must be an object" }]);
  // What no store keeps as it is.
  for (const name of ["a\u0000b", "\ud83d", "\ude00x"]) {
    const unstorable = await post(JSON.stringify({ name, tags: [] }));
    expect(unstorable).toMatchObject({ status: 422, json: { errors: [{ path: "name" }] } });
  }
  const paired = await post(JSON.stringify({ name: "\ud83d\ude00\n", tags: [] }));
  expect(paired.json).toMatchObject({ name: "\ud83d\ude00\n" });
  expect((await post("{")).status).toBe(400);
  expect((await post("{}", { "content-type": "text/plain" })).status).toBe(415);
  expect((await post(JSON.stringify({ name: "x".repeat(2_000_000) }))).status).toBe(413);
  const good = JSON.stringify({ name: "n", tags: [] });
  expect((await post(good)).json).toMatchObject({ name: "n", tags: [] });
  const zipped = await post(new Uint8Array(gzipSync(good)), { "content-encoding": "gzip" });
  expect(zipped.json).toMatchObject({ name: "n", tags: [] });
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(50_000_000, 32)));
  expect((await post(bomb, { "content-encoding": "gzip" })).status).toBe(413);
  expect((await post("no gzip", { "content-encoding": "gzip" })).status).toBe(400);
});

test("a write with a cookie has to come from our own pages; one with a key may come from anywhere", async () => {
  const { db } = runtime.postgres;
  const cookie = await makeSessionCookie(runtime, (await makeUser(db, "admin")).id);
  const body = JSON.stringify({ name: "n", tags: [] });
  const post = (extra: Record<string, string>) =>
    call(write, { ...JSON_BODY, ...extra }, { method: "POST", body });
  expect((await post({ cookie })).status).toBe(403);
  expect((await post({ cookie, origin: "https://evil.example" })).status).toBe(403);
  expect((await post({ cookie, origin: "null" })).status).toBe(403);
  expect((await post({ cookie, origin: TEST_PUBLIC_URL })).status).toBe(200);
  const proxied = { cookie, origin: "https://outlay.example.com", host: "outlay.example.com" };
  expect((await post(proxied)).status).toBe(200);
  const { key } = await makeKey(db, { scopes: ["admin"] });
  expect((await post({ ...bearer(key), origin: "https://evil.example" })).status).toBe(200);
});

test("projects never touch: a foreign one is answered in the words of one that does not exist", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const member = await makeUser(db, "engineer", own.id);
  const { key } = await makeKey(db, { scopes: ["read"], projectId: own.id });
  const everyone = [{ cookie: await makeSessionCookie(runtime, member.id) }, bearer(key)];
  for (const headers of everyone) {
    const hidden = await call(ask, headers, { path: `/api/x?project=${foreign.slug}` });
    const missing = await call(ask, headers, { path: "/api/x?project=no-such-project" });
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(hidden.json.detail.replace(foreign.slug, "?")).toBe(
      missing.json.detail.replace("no-such-project", "?"),
    );
    for (const path of ["/api/x", "/api/x?project=*", `/api/x?project=${own.slug}`]) {
      const answer = await call(ask, headers, { path });
      expect(answer.json.projects.map((project) => project.slug)).toEqual([own.slug]);
    }
  }
});

test("an installation key sees its own project by default and every one with *", async () => {
  const { db } = runtime.postgres;
  const other = await makeProject(db);
  const { key } = await makeKey(db, { scopes: ["read"], isInstallation: true });
  const slugs = async (path: string) =>
    (await call(ask, bearer(key), { path })).json.projects.map((p) => p.slug);
  expect(await slugs("/api/x")).toEqual(["default"]);
  expect(await slugs("/api/x?project=*")).toContain(other.slug);
  expect(await slugs(`/api/x?project=${other.slug}`)).toEqual([other.slug]);
});

test("who may see a project but not do this is told who may", async () => {
  const { db } = runtime.postgres;
  const [viewed, owned] = [await makeProject(db), await makeProject(db)];
  const user = await makeUser(db, "viewer", viewed.id);
  const cookie = await makeSessionCookie(runtime, user.id);
  const headers = { cookie, origin: TEST_PUBLIC_URL, ...JSON_BODY };
  const body = JSON.stringify({ name: "n", tags: [] });
  const path = `/api/x?project=${viewed.slug}`;
  const refused = await call(write, headers, { path, method: "POST", body });
  expect(refused.status).toBe(403);
  expect(refused.json.detail).toContain("finance or admin");
  const ingest = await makeKey(db, { scopes: ["ingest"], projectId: owned.id });
  const wrongScope = await call(ask, bearer(ingest.key));
  expect(wrongScope.status).toBe(403);
  expect(wrongScope.json.detail).toContain("scope read");
});

test("a failure tells its request id and nothing of its inside", async () => {
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["read"] });
  const fail = apiRoute({ permission: null }, () =>
    Promise.reject(new Error("select secret from users")),
  );
  const failed = await call(fail, { ...bearer(key), "x-request-id": "agent-7.retry:2" });
  expect(failed.status).toBe(500);
  expect(failed.headers.get("x-request-id")).toBe("agent-7.retry:2");
  expect(failed.json.request_id).toBe("agent-7.retry:2");
  expect(JSON.stringify(failed.json)).not.toContain("secret");
  const forged = await call(fail, { ...bearer(key), "x-request-id": "a b" });
  expect(forged.json.request_id).toMatch(/^[0-9a-f-]{36}$/);
  const busy = apiRoute({ permission: null }, () =>
    Promise.reject(new OutlayError("unavailable", "Later.", { retryAfterSeconds: 7 })),
  );
  expect((await call(busy, bearer(key))).headers.get("retry-after")).toBe("7");
  const away = apiRoute({ permission: null }, () =>
    Promise.reject(
      new Error("query", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) }),
    ),
  );
  expect((await call(away, bearer(key))).status).toBe(503);
});

test("a query or body that would ignore unknown names is refused when the route is made", () => {
  expect(() => apiRoute({ permission: null, query: z.object({}) }, async () => ({}))).toThrow(
    "strict",
  );
});

test("an answer that drifts from its contract fails outside production", async () => {
  const { key } = await makeKey(runtime.postgres.db, { scopes: ["read"] });
  const drifted = apiRoute(
    { permission: null, response: z.object({ cost_usd: z.string() }) },
    async () => ({ cost_usd: 1 }) as unknown as { cost_usd: string },
  );
  expect((await call(drifted, bearer(key))).status).toBe(500);
});
