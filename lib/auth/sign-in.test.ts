import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { updateProjectRow } from "@/db/queries/projects";
import {
  findLiveSessionUser,
  insertMembership,
  insertUser,
  listMembershipsOf,
} from "@/db/queries/users";
import { memberships, users } from "@/db/schema/users";
import { createAttemptLimiter } from "@/lib/auth/attempt-limiter";
import { createAuthOptions, sameSiteUrl } from "@/lib/auth/auth-options";
import { hashPassword, isPasswordRight } from "@/lib/auth/password";
import { returnPath } from "@/lib/auth/return-path";
import { readSessionId } from "@/lib/auth/session-cookie";
import { signIn } from "@/lib/auth/sign-in";
import { signOut } from "@/lib/auth/sign-out";
import { auditOf } from "@/lib/testing/audit-of";
import { makeProject, openTestRuntime, type TestRuntime } from "@/lib/testing/test-runtime";

const PASSWORD = "a long pass phrase";
let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
  const passwordHash = await hashPassword(PASSWORD);
  const { db } = runtime.postgres;
  await insertUser(db, { email: "Ada@example.com", name: "Ada", passwordHash });
});
afterAll(() => runtime.close());

const attempt = (
  given: { email?: string; password?: string; address?: string | null },
  attempts = createAttemptLimiter(),
) =>
  signIn(
    { db: runtime.postgres.db, attempts, requestId: null },
    { email: "ada@EXAMPLE.com", password: PASSWORD, address: "192.0.2.1", ...given },
  );

test("a password is salted, and the same in another keyboard's code points", async () => {
  expect(await hashPassword("x")).not.toBe(await hashPassword("x"));
  const composed = "caf\u00e9 caf\u00e9";
  expect(await isPasswordRight("cafe\u0301 cafe\u0301", await hashPassword(composed))).toBe(true);
  expect(await isPasswordRight("", "scrypt$32768$8$3$$")).toBe(false);
});

test("the right password opens a session, whatever the case of the e-mail; signing out ends it for good", async () => {
  const { db } = runtime.postgres;
  const signedIn = await attempt({});
  const sessionId = signedIn?.sessionId ?? "";
  expect(await findLiveSessionUser(db, sessionId, new Date())).toMatchObject({ name: "Ada" });
  await signOut({ db, requestId: null }, sessionId);
  await signOut({ db, requestId: null }, sessionId);
  expect(await findLiveSessionUser(db, sessionId, new Date())).toBeNull();
  const actions = (await auditOf(db, sessionId)).map((event) => event.action);
  expect(actions).toEqual(["user.sign_in", "user.sign_out"]);
});

test("a session says what its person may do now: roles given, taken and of removed projects", async () => {
  const { db } = runtime.postgres;
  const sessionId = (await attempt({}))?.sessionId ?? "";
  const live = () => findLiveSessionUser(db, sessionId, new Date());
  const userId = (await live())?.id ?? "";
  expect((await live())?.memberships).toEqual([]);
  const [kept, removed] = [await makeProject(db), await makeProject(db)];
  await insertMembership(db, { userId, projectId: kept.id, role: "engineer" });
  await insertMembership(db, { userId, projectId: removed.id, role: "admin" });
  await insertMembership(db, { userId, projectId: null, role: "viewer" });
  expect((await live())?.memberships).toHaveLength(3);
  await updateProjectRow(db, removed.id, { archivedAt: new Date() });
  const held = await listMembershipsOf(db, userId);
  expect(held).toMatchObject([
    { projectId: kept.id, role: "engineer", slug: kept.slug },
    { projectId: null, role: "viewer", slug: null },
  ]);
  expect((await live())?.memberships).toEqual(held);
  await db.delete(memberships).where(eq(memberships.userId, userId));
  expect((await live())?.memberships).toEqual([]);
});

test("a cookie that was read before is still too old after its month, and is read for its own secret only", async () => {
  const token = await encode({ token: { sid: randomUUID() }, secret: "one" });
  expect(await readSessionId(token, "one")).not.toBeNull();
  expect(await readSessionId(token, "other")).toBeNull();
  expect(await readSessionId(token, "one")).not.toBeNull();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * 86_400_000 });
  expect(await readSessionId(token, "one")).toBeNull();
  vi.useRealTimers();
});

test("a session ends by itself", async () => {
  const sessionId = (await attempt({}))?.sessionId ?? "";
  const later = new Date(Date.now() + 30 * 86_400_000 + 1000);
  expect(await findLiveSessionUser(runtime.postgres.db, sessionId, later)).toBeNull();
});

test("a wrong password, an unknown person and a disabled one get the same answer", async () => {
  expect(await attempt({ password: "wrong" })).toBeNull();
  expect(await attempt({ password: "x".repeat(100_000) })).toBeNull();
  expect(await attempt({ email: "nobody@example.com" })).toBeNull();
  await runtime.postgres.db.update(users).set({ disabledAt: new Date() });
  expect(await attempt({})).toBeNull();
  await runtime.postgres.db.update(users).set({ disabledAt: null });
});

test("guesses are slowed down for one person from one place, and others go on", async () => {
  let nowMs = 0;
  const attempts = createAttemptLimiter(() => nowMs);
  for (let n = 0; n < 5; n += 1) expect(await attempt({ password: "no" }, attempts)).toBeNull();
  await expect(attempt({}, attempts)).rejects.toMatchObject({
    code: "too_many_requests",
    retryAfterSeconds: 900,
  });
  expect(await attempt({ address: "192.0.2.2" }, attempts)).not.toBeNull();
  nowMs += 900_000;
  expect(await attempt({}, attempts)).not.toBeNull();
});

test("guesses sent all at once are counted all at once, and signing in rightly costs nothing", async () => {
  const attempts = createAttemptLimiter();
  for (let n = 0; n < 6; n += 1) expect(await attempt({}, attempts)).not.toBeNull();
  const guesses = Array.from({ length: 10 }, () => attempt({ password: "no" }, attempts));
  const results = await Promise.allSettled(guesses);
  expect(results.filter((result) => result.status === "rejected")).toHaveLength(5);
});

test("the limiter forgets the oldest name rather than grow without end", () => {
  const attempts = createAttemptLimiter(() => 0);
  for (let n = 0; n < 20_001; n += 1) attempts.noteFailure([{ key: `k${n}`, maxFailures: 1 }]);
  expect(attempts.waitSeconds([{ key: "k0", maxFailures: 1 }])).toBe(0);
  expect(attempts.waitSeconds([{ key: "k20000", maxFailures: 1 }])).toBe(900);
});

test("next-auth takes the cookie of an ended session back", async () => {
  const { db } = runtime.postgres;
  const options = createAuthOptions(runtime, { origin: "http://x", address: null, requestId: "r" });
  const signedIn = await attempt({});
  const token = { sub: signedIn?.userId ?? "", sid: signedIn?.sessionId ?? "" };
  const jwt = options.callbacks?.jwt;
  // next-auth calls it without a user after the first time; its type does not say so.
  const refresh = () => jwt?.({ token } as unknown as Parameters<NonNullable<typeof jwt>>[0]);
  expect(await refresh()).toMatchObject({ name: "Ada" });
  await signOut({ db, requestId: null }, token.sid);
  await expect(refresh()).rejects.toThrow("ended");
});

test("cookies are marked secure on an https address only", () => {
  const cookiesAt = (publicUrl: string) =>
    createAuthOptions(
      { ...runtime, publicUrl },
      { origin: publicUrl, address: null, requestId: "r" },
    ).cookies?.sessionToken;
  expect(cookiesAt("https://o.example")).toMatchObject({
    name: "__Secure-outlay.session",
    options: { secure: true, httpOnly: true, sameSite: "lax" },
  });
  expect(cookiesAt("http://127.0.0.1:3000")).toMatchObject({
    name: "outlay.session",
    options: { secure: false, httpOnly: true },
  });
});

test("signing in leads back into this site and nowhere else", () => {
  expect(returnPath("/calls?range=7d#x")).toBe("/calls?range=7d#x");
  for (const evil of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/x",
    "javascript:alert(1)",
    "/\t/evil.example",
    "",
  ])
    expect(returnPath(evil)).toBe("/overview");
  expect(returnPath(["/a", "/b"])).toBe("/overview");
  expect(sameSiteUrl("/calls", "http://o.example")).toBe("http://o.example/calls");
  expect(sameSiteUrl("http://o.example.evil.example/", "http://o.example")).toBe(
    "http://o.example",
  );
});
