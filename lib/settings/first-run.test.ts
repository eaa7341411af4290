import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPostgres, type Postgres } from "@/db/postgres";
import { findLiveKeyByHash, setKeyRevoked } from "@/db/queries/keys";
import { hasSetupToken } from "@/db/queries/settings";
import { findUserByEmail, listMembershipsOf } from "@/db/queries/users";
import { auditEvents } from "@/db/schema/audit";
import { apiKeys } from "@/db/schema/keys";
import { users } from "@/db/schema/users";
import { isPasswordRight } from "@/lib/auth/password";
import { readEnv } from "@/lib/env";
import { hashKey } from "@/lib/keys/hash-key";
import { createLog } from "@/lib/log";
import { ensureFirstRun } from "@/lib/settings/first-run";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";

const log = createLog("silent");
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-first-run-"));
afterAll(() => fs.rmSync(dataDir, { recursive: true, force: true }));

const envWith = (settings: Record<string, string>) =>
  readEnv({ NODE_ENV: "test", OUTLAY_DATA_DIR: dataDir, ...settings });
const ADMIN = {
  OUTLAY_ADMIN_EMAIL: "Ada@Example.com",
  OUTLAY_ADMIN_PASSWORD: "a long pass phrase",
};
const KEY = "outlay_test_key_of_an_operator";

describe("embedded", () => {
  let postgres: Postgres;
  beforeEach(async () => {
    postgres = await openTestPostgres();
  });
  afterEach(() => postgres.close());

  test("without a person a start gives a setup link whose token is stored as a hash only", async () => {
    const first = await ensureFirstRun({ postgres, env: envWith({}), log });
    const token = new URL(first.setupPath ?? "", "http://x").searchParams.get("token") ?? "";
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(await hasSetupToken(postgres.db, hashKey(token), new Date())).toBe(true);
    expect(await hasSetupToken(postgres.db, token, new Date())).toBe(false);
    const second = await ensureFirstRun({ postgres, env: envWith({}), log });
    expect(second.setupPath).not.toBe(first.setupPath);
    expect(second.secrets).toEqual(first.secrets);
    expect(fs.statSync(path.join(dataDir, "secrets.json")).mode & 0o777).toBe(0o600);
  });

  test("a given admin and key are made once, with their audit rows, and no link is printed", async () => {
    const env = envWith({ ...ADMIN, OUTLAY_API_KEY: KEY });
    for (let start = 0; start < 2; start += 1)
      expect((await ensureFirstRun({ postgres, env, log })).setupPath).toBeNull();
    const admin = await findUserByEmail(postgres.db, "ada@example.COM");
    expect(await isPasswordRight(ADMIN.OUTLAY_ADMIN_PASSWORD, admin?.passwordHash ?? null)).toBe(
      true,
    );
    expect(await isPasswordRight("another pass phrase", admin?.passwordHash ?? null)).toBe(false);
    expect(await listMembershipsOf(postgres.db, admin?.id ?? "")).toEqual([
      { projectId: null, role: "admin", slug: null },
    ]);
    const key = await findLiveKeyByHash(postgres.db, hashKey(KEY));
    expect(key).toMatchObject({ isInstallation: true, projectSlug: "default" });
    expect(key?.scopes).toEqual(["ingest", "guard", "read", "content", "admin"]);
    const audit = await postgres.db.select().from(auditEvents);
    expect(audit.map((row) => `${row.actorType} ${row.action}`).sort()).toEqual([
      "system key.create",
      "system user.create",
    ]);
    expect(JSON.stringify(audit)).not.toContain(KEY);
    expect(JSON.stringify(audit)).not.toContain("scrypt");
  });

  test("a restart undoes neither a revocation nor a new password", async () => {
    const env = envWith({ ...ADMIN, OUTLAY_API_KEY: KEY });
    await ensureFirstRun({ postgres, env, log });
    const key = await findLiveKeyByHash(postgres.db, hashKey(KEY));
    await setKeyRevoked(postgres.db, key?.keyId ?? "", new Date());
    await postgres.db.update(users).set({ passwordHash: "scrypt$other" });
    await ensureFirstRun({ postgres, env, log });
    expect(await findLiveKeyByHash(postgres.db, hashKey(KEY))).toBeNull();
    expect((await findUserByEmail(postgres.db, "ada@example.com"))?.passwordHash).toBe(
      "scrypt$other",
    );
  });

  test("a damaged secrets file is told, not replaced", async () => {
    const file = path.join(dataDir, "secrets.json");
    fs.writeFileSync(file, "{");
    const start = ensureFirstRun({ postgres, env: envWith({}), log });
    await expect(start).rejects.toMatchObject({ isStartError: true });
    expect(fs.readFileSync(file, "utf8")).toBe("{");
    fs.rmSync(file);
  });
});

const missing = "SKIPPED: PostgreSQL 15 is not installed (apt-get install postgresql-15)";
describe.skipIf(!hasPostgres15)(hasPostgres15 ? "PostgreSQL 15" : missing, () => {
  test("processes that start at once make one admin, one key and share one secret", async () => {
    const server: PostgresServer = await startPostgres15();
    const databaseUrl = server.createDatabase();
    const open = () => openPostgres({ databaseUrl, dataDir, log });
    const stores = await Promise.all([open(), open(), open()]);
    try {
      const env = envWith({ ...ADMIN, OUTLAY_API_KEY: KEY });
      const runs = await Promise.all(
        stores.map((postgres) => ensureFirstRun({ postgres, env, log })),
      );
      expect(new Set(runs.map((run) => run.secrets.nextauth)).size).toBe(1);
      const [store] = stores;
      expect(await store?.db.select().from(users)).toHaveLength(1);
      const keys = await store?.db
        .select()
        .from(apiKeys)
        .where(eq(apiKeys.hash, hashKey(KEY)));
      expect(keys).toHaveLength(1);
    } finally {
      await Promise.all(stores.map((postgres) => postgres.close()));
      server.stop();
    }
  });
});
