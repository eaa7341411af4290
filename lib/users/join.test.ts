import { afterEach, beforeEach, expect, test } from "vitest";
import { putUserSetupLink } from "@/db/queries/members";
import { findUserByEmail, insertUser } from "@/db/queries/users";
import { createAttemptLimiter } from "@/lib/auth/attempt-limiter";
import { signIn } from "@/lib/auth/sign-in";
import { hashKey } from "@/lib/keys/hash-key";
import { auditOf } from "@/lib/testing/audit-of";
import { makeUser, openTestRuntime, type TestRuntime } from "@/lib/testing/test-runtime";
import { createSetupLink } from "@/lib/users/create-setup-link";
import { findInvited, join } from "@/lib/users/join";
import { updateUser } from "@/lib/users/update-user";

let runtime: TestRuntime;
let userId: string;
beforeEach(async () => {
  runtime = await openTestRuntime();
  userId = await insertUser(runtime.postgres.db, { email: "ada@example.com", name: "Ada" });
});
afterEach(() => runtime.close());

const context = () => ({ db: runtime.postgres.db, requestId: null });
const password = "a long pass phrase";
const makeLink = (token: string, fromNowMs = 60_000) =>
  putUserSetupLink(runtime.postgres.db, {
    userId,
    hash: hashKey(token),
    expiresAt: new Date(Date.now() + fromNowMs),
  });
const trySignIn = () =>
  signIn(
    { ...context(), attempts: createAttemptLimiter() },
    { email: "ada@example.com", password, address: null },
  );

test("a link chooses the password once; before it nothing signs in", async () => {
  await makeLink("one");
  expect(await trySignIn()).toBeNull();
  expect(await findInvited(runtime.postgres.db, "one")).toMatchObject({ name: "Ada" });
  expect(await join(context(), { token: "one", password })).toEqual({ email: "ada@example.com" });
  expect(await trySignIn()).toMatchObject({ userId });
  await expect(join(context(), { token: "one", password: "another phrase" })).rejects.toMatchObject(
    {
      code: "forbidden",
    },
  );
  const audit = await auditOf(runtime.postgres.db, userId);
  expect(audit).toMatchObject([{ action: "user.set_password", actorId: userId }]);
  expect(JSON.stringify(audit)).not.toMatch(/scrypt|phrase/);
});

test("used twice at the same moment, a link works once", async () => {
  await makeLink("one");
  const results = await Promise.allSettled([
    join(context(), { token: "one", password }),
    join(context(), { token: "one", password: "another phrase" }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a wrong, expired or replaced link, or one of somebody deactivated, changes nothing", async () => {
  const { db } = runtime.postgres;
  await makeLink("old", -1);
  expect(await findInvited(db, "old")).toBeNull();
  await makeLink("first");
  const admin = await makeUser(db, "admin");
  const as = { ...context(), actor: admin, publicUrl: "http://127.0.0.1" };
  const { setup_url } = await createSetupLink(as, userId);
  const latest = new URL(setup_url).searchParams.get("token") ?? "";
  expect(await findInvited(db, "first")).toBeNull();
  expect(await findInvited(db, latest)).not.toBeNull();
  await updateUser(as, userId, { disabled: true });
  for (const token of ["", "old", "first", latest, hashKey(latest)]) {
    await expect(join(context(), { token, password })).rejects.toMatchObject({ code: "forbidden" });
  }
  expect((await findUserByEmail(db, "ada@example.com"))?.passwordHash).toBeNull();
});
