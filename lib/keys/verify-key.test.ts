import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgres, type Postgres } from "@/db/postgres";
import { findKey, insertKey, setKeyRevoked } from "@/db/queries/keys";
import { findProjectBySlug, insertProject, updateProjectRow } from "@/db/queries/projects";
import { apiKeys } from "@/db/schema/keys";
import { generateKey, shownPartOf } from "@/lib/keys/generate-key";
import { hashKey } from "@/lib/keys/hash-key";
import { createKeyVerifier } from "@/lib/keys/verify-key";
import { createLog } from "@/lib/log";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { hasPostgres15, startPostgres15 } from "@/lib/testing/start-postgres-15";

const log = createLog("silent");
let store: Postgres;
beforeAll(async () => {
  store = await openTestPostgres();
});
afterAll(() => store.close());

async function makeKey(db: Postgres["db"]) {
  const project = await findProjectBySlug(db, "default");
  const key = generateKey();
  const id = await insertKey(db, {
    projectId: project?.id ?? "",
    name: "agent",
    hash: hashKey(key),
    prefix: shownPartOf(key),
    scopes: ["ingest", "guard", "something-older"],
  });
  return { key, id: id ?? "" };
}

/** A clock that the test moves. */
function createClock(startMs = Date.parse("2026-11-22T12:00:00Z")) {
  let nowMs = startMs;
  const advance = (ms: number) => {
    nowMs += ms;
  };
  return { now: () => nowMs, advance };
}

test("a key has 256 random bits, and what is stored of it does not contain it", async () => {
  const { key, id } = await makeKey(store.db);
  expect(Buffer.from(key.slice("outlay_".length), "base64url")).toHaveLength(32);
  const [row] = await store.db.select().from(apiKeys).where(eq(apiKeys.id, id));
  expect(JSON.stringify(row)).not.toContain(key);
  expect(row?.hash).toBe(hashKey(key));
  expect(key.startsWith(row?.prefix ?? "?")).toBe(true);
  expect(row?.prefix.length).toBeLessThan(key.length / 2);
});

test("a live key names its project and its scopes; any other text is refused", async () => {
  const { key, id } = await makeKey(store.db);
  const verifier = createKeyVerifier({ db: store.db, log });
  expect(await verifier.verify(key)).toMatchObject({
    keyId: id,
    projectSlug: "default",
    scopes: ["ingest", "guard"],
    isInstallation: false,
    requiredTags: [],
  });
  for (const wrong of [
    "",
    "outlay_",
    `${key}x`,
    key.toUpperCase(),
    hashKey(key),
    "x".repeat(99_999),
  ])
    expect(await verifier.verify(wrong)).toBeNull();
});

test("a revocation here is obeyed at once, one elsewhere within a minute", async () => {
  const clock = createClock();
  const verifier = createKeyVerifier({ db: store.db, log, now: clock.now });
  const here = await makeKey(store.db);
  await verifier.verify(here.key);
  await setKeyRevoked(store.db, here.id, new Date());
  verifier.forget({ keyId: here.id });
  expect(await verifier.verify(here.key)).toBeNull();

  const elsewhere = await makeKey(store.db);
  await verifier.verify(elsewhere.key);
  await setKeyRevoked(store.db, elsewhere.id, new Date());
  clock.advance(59_999);
  expect(await verifier.verify(elsewhere.key)).not.toBeNull();
  clock.advance(1);
  expect(await verifier.verify(elsewhere.key)).toBeNull();
});

test("without waiting only a key is known that was looked up within a minute and not revoked here", async () => {
  const clock = createClock();
  const verifier = createKeyVerifier({ db: store.db, log, now: clock.now });
  const { key, id } = await makeKey(store.db);
  expect(verifier.verifyKnown(key)).toBeNull();
  const verified = await verifier.verify(key);
  clock.advance(59_999);
  expect(verifier.verifyKnown(key)).toBe(verified);
  clock.advance(1);
  expect(verifier.verifyKnown(key)).toBeNull();
  await verifier.verify(key);
  verifier.forget({ keyId: id });
  expect(verifier.verifyKnown(key)).toBeNull();
  for (const wrong of ["", `${key}x`, "x".repeat(99_999)])
    expect(verifier.verifyKnown(wrong)).toBeNull();
});

test("a key revoked while it is looked up is not remembered as live", async () => {
  const { key, id } = await makeKey(store.db);
  const verifier = createKeyVerifier({ db: store.db, log });
  const running = verifier.verify(key);
  const revoking = setKeyRevoked(store.db, id, new Date()).then(() =>
    verifier.forget({ keyId: id }),
  );
  await Promise.all([running, revoking]);
  expect(await verifier.verify(key)).toBeNull();
});

test("a changed project is seen at the next use, a removed one takes its keys with it", async () => {
  const project = await insertProject(store.db, { slug: "short", name: "Short" });
  const projectId = project?.id ?? "";
  const key = generateKey();
  await insertKey(store.db, { projectId, name: "k", hash: hashKey(key), prefix: "o", scopes: [] });
  const verifier = createKeyVerifier({ db: store.db, log });
  expect(await verifier.verify(key)).toMatchObject({ trustsReportedCost: false });
  await updateProjectRow(store.db, projectId, { trustsReportedCost: true, requiredTags: ["task"] });
  verifier.forget({ projectId });
  expect(await verifier.verify(key)).toMatchObject({
    trustsReportedCost: true,
    requiredTags: ["task"],
  });
  await updateProjectRow(store.db, projectId, { archivedAt: new Date() });
  verifier.forget({ projectId });
  expect(await verifier.verify(key)).toBeNull();
});

test("the last use is written once a minute", async () => {
  const clock = createClock();
  const { key, id } = await makeKey(store.db);
  const verifier = createKeyVerifier({ db: store.db, log, now: clock.now });
  const lastUse = async () => (await findKey(store.db, id))?.lastUsedAt?.toISOString();
  await verifier.verify(key);
  // Nobody waits for it: it is written behind the answer.
  await expect.poll(lastUse).toBe("2026-11-22T12:00:00.000Z");
  clock.advance(59_000);
  await verifier.verify(key);
  expect(await lastUse()).toBe("2026-11-22T12:00:00.000Z");
  clock.advance(1_000);
  await verifier.verify(key);
  await expect.poll(lastUse).toBe("2026-11-22T12:01:00.000Z");
});

const missing = "SKIPPED: PostgreSQL 15 is not installed (apt-get install postgresql-15)";
describe.skipIf(!hasPostgres15)(hasPostgres15 ? "with a server" : missing, () => {
  test("a known key stays usable through an outage, an unknown one is 'try again', not 'refused'", async () => {
    const server = await startPostgres15();
    const databaseUrl = server.createDatabase();
    const remote = await openPostgres({ databaseUrl, dataDir: "/nowhere", log });
    try {
      const clock = createClock();
      const { key, id } = await makeKey(remote.db);
      const stranger = await makeKey(remote.db);
      const verifier = createKeyVerifier({ db: remote.db, log, now: clock.now });
      await verifier.verify(key);
      server.pause();
      clock.advance(3_600_000);
      expect(await verifier.verify(key)).toMatchObject({ keyId: id });
      await expect(verifier.verify(stranger.key)).rejects.toMatchObject({ code: "unavailable" });
      server.resume();
      clock.advance(10_000);
      expect(await verifier.verify(stranger.key)).toMatchObject({ keyId: stranger.id });
      expect(await verifier.verify(key)).toMatchObject({ keyId: id });
    } finally {
      await remote.close();
      server.stop();
    }
  });
});
