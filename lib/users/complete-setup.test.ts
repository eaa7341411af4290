import { afterEach, beforeEach, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { insertSetupToken } from "@/db/queries/settings";
import { findUserByEmail, listMembershipsOf } from "@/db/queries/users";
import { auditEvents } from "@/db/schema/audit";
import { users } from "@/db/schema/users";
import { isPasswordRight } from "@/lib/auth/password";
import { hashKey } from "@/lib/keys/hash-key";
import { getSettings } from "@/lib/settings/get-settings";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { completeSetup, findSetupState } from "@/lib/users/complete-setup";
import { setupSchema } from "@/lib/users/setup-schemas";

let postgres: Postgres;
beforeEach(async () => {
  postgres = await openTestPostgres();
  await insertSetupToken(postgres.db, hashKey("the token"), new Date(Date.now() + 60_000));
});
afterEach(() => postgres.close());

const input = setupSchema.parse({
  token: "the token",
  name: " Ada ",
  email: "ada@example.com",
  password: "a long pass phrase",
  organisation_name: "Engines",
  time_zone: "Europe/London",
});
const context = () => ({ db: postgres.db, requestId: null });

test("the link makes an admin of every project, and names the organisation and its zone", async () => {
  expect(await findSetupState(postgres.db, "the token")).toBe("open");
  await completeSetup(context(), input);
  const user = await findUserByEmail(postgres.db, "ADA@example.com");
  expect(user).toMatchObject({ name: "Ada", email: "ada@example.com" });
  expect(await isPasswordRight("a long pass phrase", user?.passwordHash ?? null)).toBe(true);
  expect(await listMembershipsOf(postgres.db, user?.id ?? "")).toMatchObject([
    { projectId: null, role: "admin" },
  ]);
  expect(await getSettings(postgres.db, { timeZone: "UTC" })).toEqual({
    organisation_name: "Engines",
    time_zone: "Europe/London",
    coverage_tags: null,
  });
  const audit = await postgres.db.select().from(auditEvents);
  expect(audit.map((event) => event.action).sort()).toEqual(["settings.update", "user.create"]);
  expect(JSON.stringify(audit)).not.toMatch(/scrypt|pass phrase|the token/);
});

test("the link works once, also when it is used twice at the same moment", async () => {
  const other = { ...input, email: "eve@example.com" };
  const results = await Promise.allSettled([
    completeSetup(context(), input),
    completeSetup(context(), other),
  ]);
  expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  await expect(completeSetup(context(), other)).rejects.toMatchObject({ code: "conflict" });
  expect(await postgres.db.select().from(users)).toHaveLength(1);
  expect(await findSetupState(postgres.db, "the token")).toBe("done");
});

test("a wrong, missing or expired link makes nobody", async () => {
  expect(await findSetupState(postgres.db, null)).toBe("invalid");
  for (const token of ["", "wrong", hashKey("the token")])
    await expect(completeSetup(context(), { ...input, token })).rejects.toMatchObject({
      code: "forbidden",
    });
  await insertSetupToken(postgres.db, hashKey("old"), new Date(Date.now() - 1));
  expect(await findSetupState(postgres.db, "old")).toBe("invalid");
  expect(await postgres.db.select().from(users)).toEqual([]);
});

test("what cannot work is refused before anything is made", () => {
  const isGood = (change: object) => setupSchema.safeParse({ ...input, ...change }).success;
  expect(isGood({})).toBe(true);
  const bad = [
    { email: "ada" },
    { password: "short" },
    { name: " " },
    { time_zone: "x" },
    { role: "admin" },
  ];
  expect(bad.filter(isGood)).toEqual([]);
});
