import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { countAdmins, listMembers } from "@/db/queries/members";
import { users } from "@/db/schema/users";
import type { Actor } from "@/lib/auth/actor";
import { findSessionActor } from "@/lib/auth/find-session-actor";
import { KEY_SCOPES, PERMISSIONS, permissionsOfRole } from "@/lib/permissions";
import { auditOf } from "@/lib/testing/audit-of";
import {
  makeKey,
  makeProject,
  makeSessionCookie,
  makeUser,
  openTestRuntime,
  TEST_PUBLIC_URL,
  type TestRuntime,
} from "@/lib/testing/test-runtime";
import { createSetupLink } from "@/lib/users/create-setup-link";
import { createUser } from "@/lib/users/create-user";
import { listUsers } from "@/lib/users/list-users";
import { updateUser } from "@/lib/users/update-user";
import { createUserSchema, updateUserSchema } from "@/lib/users/user-schemas";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());
beforeEach(async () => {
  await runtime.postgres.db.delete(users);
});

const as = (actor: Actor) => {
  const { db } = runtime.postgres;
  return { actor, db, requestId: "r-1", publicUrl: "https://outlay.example.com" };
};
const ada = createUserSchema.parse({
  email: "ada@example.com",
  name: "Ada",
  memberships: [{ project: null, role: "viewer" }],
});

test("somebody added is invited, with a link that is shown once and stands nowhere", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const memberships = [
    { project: null, role: "viewer" as const },
    { project: project.slug, role: "engineer" as const },
  ];
  const made = await createUser(as(await makeUser(db, "admin")), { ...ada, memberships });
  expect(made).toMatchObject({ state: "invited", memberships, last_sign_in_at: null });
  const link = new URL(made.setup_url);
  expect(link.origin).toBe("https://outlay.example.com");
  const token = link.searchParams.get("token") ?? "";
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  const audit = await auditOf(db, made.id);
  expect(audit).toMatchObject([{ action: "user.create", after: { memberships } }]);
  expect(JSON.stringify([audit, await listMembers(db)])).not.toContain(token);
});

test("an e-mail address is added once, whatever its case", async () => {
  const admin = as(await makeUser(runtime.postgres.db, "admin"));
  await createUser(admin, ada);
  const again = createUser(admin, { ...ada, email: "ADA@example.com" });
  await expect(again).rejects.toMatchObject({ code: "conflict" });
});

test("every change of members refuses a viewer, finance, an engineer and a project's own admin, and changes nothing", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const other = await makeUser(db, "viewer");
  const actors = [
    await makeUser(db, "viewer"),
    await makeUser(db, "finance"),
    await makeUser(db, "engineer"),
    await makeUser(db, "admin", project.id),
    await makeKey(db, { scopes: ["admin"] }),
  ];
  const before = await listMembers(db);
  for (const actor of actors) {
    const refused = { code: "forbidden" };
    await expect(createUser(as(actor), ada)).rejects.toMatchObject(refused);
    await expect(updateUser(as(actor), other.id, { name: "x" })).rejects.toMatchObject(refused);
    await expect(createSetupLink(as(actor), other.id)).rejects.toMatchObject(refused);
  }
  expect(await listMembers(db)).toEqual(before);
  expect(await auditOf(db, other.id)).toEqual([]);
});

test("a key gives no right that it does not have, and opens no account that holds one", async () => {
  const { db } = runtime.postgres;
  const reader = await makeUser(db, "viewer");
  const narrow = await makeKey(db, { scopes: ["admin"], isInstallation: true });
  await expect(createUser(as(narrow), ada)).rejects.toMatchObject({ code: "forbidden" });
  await expect(createSetupLink(as(narrow), reader.id)).rejects.toMatchObject({ code: "forbidden" });
  const change = { memberships: [{ project: null, role: "admin" as const }] };
  await expect(updateUser(as(narrow), reader.id, change)).rejects.toMatchObject({
    code: "forbidden",
  });
  const wide = await makeKey(db, { scopes: KEY_SCOPES, isInstallation: true });
  expect(await createUser(as(wide), ada)).toMatchObject({ state: "invited" });
});

test("an admin of every project may give every role", () => {
  const people = PERMISSIONS.filter((one) => permissionsOfRole("admin", true).includes(one));
  for (const role of ["viewer", "finance", "engineer"] as const) {
    for (const isEverywhere of [true, false])
      expect(people).toEqual(expect.arrayContaining(permissionsOfRole(role, isEverywhere)));
  }
});

test("roles are replaced as a whole, and a removed one counts from the next request on", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const admin = as(await makeUser(db, "admin"));
  const person = await makeUser(db, "engineer");
  const memberships = [{ project: project.slug, role: "finance" as const }];
  expect(await updateUser(admin, person.id, { memberships })).toMatchObject({ memberships });
  expect(await auditOf(db, person.id)).toMatchObject([
    { action: "user.update", before: { memberships: [{ project: null, role: "engineer" }] } },
  ]);
});

test("the last admin who can sign in is neither demoted nor deactivated; an invited one does not count", async () => {
  const { db } = runtime.postgres;
  const last = await makeUser(db, "admin");
  const admin = as(last);
  await createUser(admin, { ...ada, memberships: [{ project: null, role: "admin" }] });
  const demote = { memberships: [{ project: null, role: "finance" as const }] };
  for (const change of [demote, { disabled: true }]) {
    await expect(updateUser(admin, last.id, change)).rejects.toMatchObject({ code: "conflict" });
  }
  const second = await makeUser(db, "admin");
  await updateUser(admin, second.id, { disabled: true });
  await expect(updateUser(admin, last.id, demote)).rejects.toMatchObject({ code: "conflict" });
  expect(await countAdmins(db)).toBe(1);
});

test("two last admins cannot remove each other at the same moment", async () => {
  const { db } = runtime.postgres;
  const [one, two] = [await makeUser(db, "admin"), await makeUser(db, "admin")];
  const results = await Promise.allSettled([
    updateUser(as(one), two.id, { disabled: true }),
    updateUser(as(two), one.id, { disabled: true }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await countAdmins(db)).toBe(1);
});

test("somebody deactivated is signed out at once, and letting them back in does not sign them in", async () => {
  const { db } = runtime.postgres;
  const admin = as(await makeUser(db, "admin"));
  const person = await makeUser(db, "viewer");
  const cookie = await makeSessionCookie(runtime, person.id);
  const [name = "", value = ""] = cookie.split("=");
  const options = { db, secret: runtime.secrets.nextauth, publicUrl: TEST_PUBLIC_URL };
  const whoIs = () => findSessionActor(options, (asked) => (asked === name ? value : null));
  expect((await whoIs())?.id).toBe(person.id);
  expect((await updateUser(admin, person.id, { disabled: true })).state).toBe("disabled");
  expect(await whoIs()).toBeNull();
  await expect(createSetupLink(admin, person.id)).rejects.toMatchObject({ code: "conflict" });
  expect((await updateUser(admin, person.id, { disabled: false })).state).toBe("active");
  expect(await whoIs()).toBeNull();
});

test("a member sees who shares their projects, and no word of others", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const viewer = await makeUser(db, "viewer", own.id);
  const admin = await makeUser(db, "admin");
  const stranger = await makeUser(db, "engineer", foreign.id);
  const seen = await listUsers({ db, actor: viewer }, [own]);
  expect(seen.users.map(({ id }) => id).sort()).toEqual([viewer.id, admin.id].sort());
  expect(JSON.stringify(seen)).not.toContain(foreign.slug);
  const all = await listUsers({ db, actor: admin }, [own]);
  expect(all.users.map(({ id }) => id)).toContain(stranger.id);
});

test("a body names each project once, at least one, and nothing else", () => {
  const twice = [ada.memberships[0], ada.memberships[0]];
  for (const memberships of [[], twice, [{ project: null, role: "owner" }]]) {
    expect(createUserSchema.safeParse({ ...ada, memberships }).success).toBe(false);
    expect(updateUserSchema.safeParse({ memberships }).success).toBe(false);
  }
  expect(updateUserSchema.safeParse({ password: "x" }).success).toBe(false);
});
