import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listKeysOf } from "@/db/queries/keys";
import { auditEvents } from "@/db/schema/audit";
import { apiKeys } from "@/db/schema/keys";
import type { Actor } from "@/lib/auth/actor";
import { createKey } from "@/lib/keys/create-key";
import { listKeys } from "@/lib/keys/list-keys";
import { revokeKey } from "@/lib/keys/revoke-key";
import { rotateKey } from "@/lib/keys/rotate-key";
import { updateKey } from "@/lib/keys/update-key";
import { auditOf } from "@/lib/testing/audit-of";
import {
  makeKey,
  makeProject,
  makeUser,
  openTestRuntime,
  type TestRuntime,
} from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

const as = (actor: Actor) => {
  return { actor, db: runtime.postgres.db, requestId: "r-1", keys: runtime.keys };
};
const input = {
  name: "agents",
  project: "default",
  scopes: ["ingest" as const],
  installation: false,
};

test("a key is shown once, stored as a hash, and works at once", async () => {
  const { db } = runtime.postgres;
  const admin = await makeUser(db, "admin");
  const made = await createKey(as(admin), input);
  expect(made.key).toMatch(/^outlay_[\w-]{43}$/);
  expect(await runtime.keys.verify(made.key)).toMatchObject({ keyId: made.id, scopes: ["ingest"] });
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, made.id));
  const audit = await auditOf(db, made.id);
  const { keys } = await listKeys({ db }, [{ id: row?.projectId ?? "" }]);
  expect(keys.find((key) => key.id === made.id)).toMatchObject({ created_by: admin.name });
  expect(JSON.stringify([row, audit, keys])).not.toContain(made.key);
  expect(audit).toMatchObject([
    { action: "key.create", actorType: "user", actorId: admin.id, requestId: "r-1" },
  ]);
});

test("every change of keys refuses a viewer, finance and an engineer, and changes nothing", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const key = await makeKey(db, { scopes: ["read"], projectId: project.id });
  const before = await listKeysOf(db, [project.id]);
  for (const role of ["viewer", "finance", "engineer"] as const) {
    const context = as(await makeUser(db, role, project.id));
    const refused = { code: "forbidden" };
    await expect(createKey(context, { ...input, project: project.slug })).rejects.toMatchObject(
      refused,
    );
    await expect(updateKey(context, key.id, { name: "mine" })).rejects.toMatchObject(refused);
    await expect(revokeKey(context, key.id)).rejects.toMatchObject(refused);
    await expect(rotateKey(context, key.id)).rejects.toMatchObject(refused);
  }
  expect(await listKeysOf(db, [project.id])).toEqual(before);
  expect(await auditOf(db, key.id)).toEqual([]);
});

test("a key of another project is not there", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const admin = as(await makeUser(db, "admin", own.id));
  const key = await makeKey(db, { scopes: ["read"], projectId: foreign.id });
  const missing = { code: "not_found", message: "There is no such key." };
  await expect(revokeKey(admin, key.id)).rejects.toMatchObject(missing);
  await expect(updateKey(admin, key.id, { name: "x" })).rejects.toMatchObject(missing);
  await expect(revokeKey(admin, crypto.randomUUID())).rejects.toMatchObject(missing);
  await expect(createKey(admin, { ...input, project: foreign.slug })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("an installation key is made, renamed and revoked only by who may act everywhere", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const local = as(await makeUser(db, "admin", project.id));
  const wanted = { ...input, project: project.slug, installation: true };
  await expect(createKey(local, wanted)).rejects.toMatchObject({ code: "forbidden" });
  const made = await createKey(as(await makeUser(db, "admin")), wanted);
  await expect(revokeKey(local, made.id)).rejects.toMatchObject({ code: "forbidden" });
  await expect(updateKey(local, made.id, { name: "x" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a key gives no scope that it does not have", async () => {
  const key = await makeKey(runtime.postgres.db, { scopes: ["admin", "ingest"] });
  await expect(createKey(as(key), { ...input, scopes: ["content"] })).rejects.toMatchObject({
    code: "forbidden",
  });
  expect(await createKey(as(key), input)).toMatchObject({ scopes: ["ingest"], created_by: null });
});

test("a revoked key is refused from the next request on, stays listed, and is revoked once", async () => {
  const { db } = runtime.postgres;
  const admin = as(await makeUser(db, "admin"));
  const { key, id } = await createKey(admin, input);
  expect(await runtime.keys.verify(key)).not.toBeNull();
  const revoked = await revokeKey(admin, id);
  expect(await runtime.keys.verify(key)).toBeNull();
  expect((await revokeKey(admin, id)).revoked_at).toBe(revoked.revoked_at);
  const actions = (await auditOf(db, id)).map((event) => event.action);
  expect(actions).toEqual(["key.create", "key.revoke"]);
});

test("a rotated key does what the old one did, and the old one works until it is revoked", async () => {
  const { db } = runtime.postgres;
  const admin = as(await makeUser(db, "admin"));
  const old = await makeKey(db, { scopes: ["ingest", "read"], isInstallation: true });
  const made = await rotateKey(admin, old.id);
  expect(made).toMatchObject({ name: "a key", scopes: ["ingest", "read"], installation: true });
  expect(made.key).not.toBe(old.key);
  expect(await runtime.keys.verify(old.key)).not.toBeNull();
  expect(await runtime.keys.verify(made.key)).toMatchObject({ scopes: ["ingest", "read"] });
  expect(await auditOf(db, made.id)).toMatchObject([
    { action: "key.create", after: { replaces: old.id } },
  ]);
  await revokeKey(admin, old.id);
  expect(await runtime.keys.verify(old.key)).toBeNull();
  expect(await runtime.keys.verify(made.key)).not.toBeNull();
});

test("a revoked key is not rotated: it would come back under another name", async () => {
  const { db } = runtime.postgres;
  const admin = as(await makeUser(db, "admin"));
  const old = await makeKey(db, { scopes: ["read"] });
  await revokeKey(admin, old.id);
  await expect(rotateKey(admin, old.id)).rejects.toMatchObject({ code: "conflict" });
});

test("a key does not rotate one with a scope that it lacks", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const key = await makeKey(db, { scopes: ["content"], projectId: project.id });
  const weaker = await makeKey(db, { scopes: ["admin"], projectId: project.id });
  const before = await listKeysOf(db, [project.id]);
  await expect(rotateKey(as(weaker), key.id)).rejects.toMatchObject({ code: "forbidden" });
  expect(await listKeysOf(db, [project.id])).toEqual(before);
});

test("a change whose audit row cannot be written is not made", async () => {
  const { db } = runtime.postgres;
  const admin = await makeUser(db, "admin");
  const key = await makeKey(db, { scopes: ["read"] });
  // A name that the audit table refuses: PostgreSQL's text holds no zero byte.
  const broken = as({ ...admin, name: "a\u0000b" });
  await expect(createKey(broken, { ...input, name: "never" })).rejects.toThrow();
  await expect(updateKey(broken, key.id, { name: "never" })).rejects.toThrow();
  await expect(revokeKey(broken, key.id)).rejects.toThrow();
  await expect(rotateKey(broken, key.id)).rejects.toThrow();
  const names = await db.select({ name: apiKeys.name }).from(apiKeys);
  expect(names.map((row) => row.name)).not.toContain("never");
  expect(await runtime.keys.verify(key.key)).not.toBeNull();
  const rows = await db.select().from(auditEvents).where(eq(auditEvents.targetId, key.id));
  expect(rows).toEqual([]);
});
