import { afterAll, beforeAll, expect, test } from "vitest";
import { listKeysOf } from "@/db/queries/keys";
import type { Actor } from "@/lib/auth/actor";
import { revokeKey } from "@/lib/keys/revoke-key";
import { rotateKey } from "@/lib/keys/rotate-key";
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

test("rotating refuses a viewer, finance, an engineer and a key with fewer scopes, and makes nothing", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const key = await makeKey(db, { scopes: ["content"], projectId: project.id });
  const weaker = await makeKey(db, { scopes: ["admin"], projectId: project.id });
  const before = await listKeysOf(db, [project.id]);
  const people = await Promise.all(
    (["viewer", "finance", "engineer"] as const).map((role) => makeUser(db, role, project.id)),
  );
  for (const actor of [...people, weaker]) {
    await expect(rotateKey(as(actor), key.id)).rejects.toMatchObject({ code: "forbidden" });
  }
  expect(await listKeysOf(db, [project.id])).toEqual(before);
});
