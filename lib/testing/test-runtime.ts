import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { insertKey } from "@/db/queries/keys";
import { findProjectBySlug, insertProject } from "@/db/queries/projects";
import { insertMembership, insertUser, insertUserSession } from "@/db/queries/users";
import type { KeyActor, UserActor } from "@/lib/auth/actor";
import { createAttemptLimiter } from "@/lib/auth/attempt-limiter";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { readEnv } from "@/lib/env";
import { watchFreshness } from "@/lib/health/watch-freshness";
import { generateKey, shownPartOf } from "@/lib/keys/generate-key";
import { hashKey } from "@/lib/keys/hash-key";
import { createKeyVerifier } from "@/lib/keys/verify-key";
import { createLog } from "@/lib/log";
import type { KeyScope, Role } from "@/lib/permissions";
import { openPriceBookHolder } from "@/lib/prices/price-book-holder";
import { type Runtime, setRuntime } from "@/lib/runtime";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

export const TEST_PUBLIC_URL = "http://127.0.0.1:3000";

/** A runtime on a real embedded PostgreSQL, in the process's slot until `close`. */
export interface TestRuntime extends Runtime {
  close(): Promise<void>;
}

/** @param clickhouse the calls store, where the test has one; otherwise every use of it fails loudly. */
export async function openTestRuntime(clickhouse?: ClickHouse): Promise<TestRuntime> {
  const postgres = await openTestPostgres();
  const log = createLog("silent");
  const prices = await openPriceBookHolder({ db: postgres.db, log });
  const runtime: TestRuntime = {
    env: readEnv({ NODE_ENV: "test" }),
    log,
    clickhouse: clickhouse ?? noClickHouse,
    postgres,
    prices,
    keys: createKeyVerifier({ db: postgres.db, log }),
    signIns: createAttemptLimiter(),
    backlog: () => null,
    freshness: watchFreshness({ db: postgres.db, log, own: () => null, hasOthers: true }),
    readiness: async () => {
      const stores = { clickhouse: true, postgres: true };
      return { isReady: true, reason: null, isDegraded: false, ...stores };
    },
    corrections: { wake: () => undefined },
    budgets: { wake: () => undefined, waitMs: 0 },
    alerts: { wake: () => undefined },
    retries: { wake: () => undefined },
    previewTags: () => ({ spans: [], attributes: [] }),
    secrets: { nextauth: "a secret of the tests only", sealing: "a key of the tests only" },
    publicUrl: TEST_PUBLIC_URL,
    close: async () => {
      setRuntime(null);
      prices.close();
      await postgres.close();
    },
  };
  setRuntime(runtime);
  return runtime;
}

const refuse = () => Promise.reject(new Error("this test opened no calls store"));
const noClickHouse: ClickHouse = {
  kind: "embedded",
  query: refuse,
  insertLines: refuse,
  command: refuse,
  ping: () => Promise.resolve(false),
  close: () => Promise.resolve(),
};

/** A project of the test's own. @returns its id and slug. */
export async function makeProject(db: Postgres["db"], slug = `p-${randomUUID().slice(0, 8)}`) {
  const project = await insertProject(db, { slug, name: slug });
  if (!project) throw new Error(`the project ${slug} exists`);
  return project;
}

/** A person with one role, in one project or (null) in all of them. */
export async function makeUser(
  db: Postgres["db"],
  role: Role,
  projectId: string | null = null,
): Promise<UserActor> {
  const email = `${role}-${randomUUID()}@example.com`;
  const name = `A ${role}`;
  const id = await insertUser(db, { email, name, passwordHash: "none" });
  await insertMembership(db, { userId: id, projectId, role });
  return { type: "user", id, name, email, memberships: [{ projectId, role }] };
}

/** A key; by default of the project `default`. */
export async function makeKey(
  db: Postgres["db"],
  options: { scopes: readonly KeyScope[]; projectId?: string; isInstallation?: boolean },
): Promise<KeyActor & { key: string }> {
  const key = generateKey();
  const projectId = options.projectId ?? (await findProjectBySlug(db, "default"))?.id ?? "";
  const { scopes, isInstallation = false } = options;
  const row = { projectId, name: "a key", scopes: [...scopes], isInstallation };
  const id = await insertKey(db, { ...row, hash: hashKey(key), prefix: shownPartOf(key) });
  return { type: "key", id: id ?? "", name: row.name, projectId, scopes, isInstallation, key };
}

/** Signs a person in. @returns the `cookie` header of their browser. */
export async function makeSessionCookie(runtime: Runtime, userId: string): Promise<string> {
  const expiresAt = new Date(Date.now() + 3_600_000);
  const sid = await insertUserSession(runtime.postgres.db, { userId, expiresAt });
  const token = await encode({ token: { sid }, secret: runtime.secrets.nextauth });
  return `${sessionCookieName(runtime.publicUrl)}=${token}`;
}
