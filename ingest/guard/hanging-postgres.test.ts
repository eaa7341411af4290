import { afterAll, beforeAll, expect, test } from "vitest";
import { changePolicyVersion } from "@/db/queries/policy";
import { updateProjectRow } from "@/db/queries/projects";
import { killSwitches } from "@/db/schema/kill-switches";
import { createProjectLookup } from "@/ingest/project-lookup";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { makeBudget } from "@/lib/testing/test-budgets";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

/** While `work` goes on, nothing that is asked of PostgreSQL is answered, and no connection breaks. */
async function whileItHangs(work: () => Promise<void>): Promise<void> {
  let free = (): void => undefined;
  let isHeld = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    free = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  // The embedded engine has one connection; a server is as silent for whoever asks for what is locked.
  const hanging = ingest.postgres.db.transaction(async (tx) => {
    await tx.execute("lock table policy, budget_counters, reservations, projects, api_keys");
    isHeld();
    await held;
  });
  await begun;
  try {
    await work();
  } finally {
    free();
    await hanging;
  }
}

const get = async (key: string, query = "") => {
  const asked = { path: "/v1/policy", method: "GET", key, query };
  const { status, body } = await ingest.post(null, asked);
  return { status, body: body as unknown as Record<string, unknown> };
};

interface Decision {
  decision: string;
  reservation_id: string | null;
  reserved_usd: string | null;
  expires_at: string | null;
  reasons: { code: string; message: string }[];
}

async function reserve(key: string, wish: object = {}, query = ""): Promise<Decision> {
  const body = { agent: "a", provider: "openai", model: "gpt-4o", estimated_cost_usd: "0.1" };
  const given = { path: "/v1/reservations", key, query };
  const answer = await ingest.post({ ...body, ...wish }, given);
  expect(answer.status).toBe(200);
  return answer.body as unknown as Decision;
}

const setFailMode = (project: "default" | "other", failMode: "open" | "closed" | null) =>
  ingest.postgres.db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    await updateProjectRow(tx, ingest.projectIds[project], { failMode });
  });

test("PostgreSQL that says nothing: a policy is the last known one, a wish is decided by the fail mode and told so, and whoever needs the store is told to come back", async () => {
  const { db } = ingest.postgres;
  const projectId = ingest.projectIds.default;
  await makeBudget(db, { name: "cap", projectId, scope: "agent", value: "a", mode: "strict" });
  await makeBudget(db, { name: "soft", projectId: ingest.projectIds.other, scope: "project" });
  await db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    const engaged = { engagedAt: new Date(), engagedBy: "Ada", reason: "a loop" };
    await tx.insert(killSwitches).values({ scope: "agent", projectId, value: "x", ...engaged });
  });
  const own = await ingest.makeKey({ scopes: ["guard"] });
  const theirs = await ingest.makeKey({ scopes: ["guard"], project: "other" });
  const everywhere = await ingest.makeKey({ scopes: ["guard"], isInstallation: true });
  const stranger = await ingest.makeKey({ scopes: ["guard"] });
  // Keys, projects and the policy are known from before.
  const { reservation_id: id } = await reserve(own);
  const before = await get(own, "?agent=a");
  expect(before.body).toMatchObject({ degraded: false, budgets: [{ spent: { usd: "0" } }] });
  await get(theirs);
  await get(everywhere, "?project=other");

  await whileItHangs(async () => {
    const [policy, foreign, named] = await Promise.all([
      get(own, "?agent=a"),
      get(theirs),
      get(everywhere, "?project=other"),
    ]);
    expect(policy).toMatchObject({
      status: 200,
      body: {
        degraded: true,
        fail_mode: "closed",
        budgets: [{ name: "cap", state: null, spent: null, reserved: null }],
      },
    });
    // What was told once never goes back; others' states may have moved it since.
    expect(Number(policy.body.version)).toBeGreaterThanOrEqual(Number(before.body.version));
    for (const { status, body } of [foreign, named]) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ degraded: true, fail_mode: "open", kill_switches: [] });
    }
    const [closed, unbound, open, stopped] = await Promise.all([
      reserve(own),
      reserve(own, { agent: "b" }),
      reserve(theirs),
      reserve(own, { agent: "x" }),
    ]);
    for (const answer of [closed, unbound, open, stopped]) {
      expect(answer).toMatchObject({ reservation_id: null, reserved_usd: null, expires_at: null });
      expect(answer.reasons.at(-1)?.code).toBe("degraded");
    }
    expect([closed, unbound, open, stopped].map(({ decision }) => decision)).toEqual([
      "block",
      "allow",
      "allow",
      "block",
    ]);
    expect(closed.reasons.at(-1)?.message).toMatch(/out of reach.*no call is let through/);
    expect(open.reasons.at(-1)?.message).toMatch(/out of reach.*let through, and nothing is held/);
    expect(stopped.reasons[0]).toMatchObject({ code: "kill_switch" });
    expect((await reserve(everywhere, {}, "?project=other")).decision).toBe("allow");

    const path = `/v1/reservations/${id}`;
    for (const asked of [
      { path: `${path}/renew`, key: own },
      { path, method: "DELETE", key: own },
      // A key that was never seen cannot be checked.
      { path: "/v1/policy", method: "GET", key: stranger },
    ]) {
      const { status, body, headers } = await ingest.post({}, asked);
      expect(status).toBe(503);
      expect(body).toMatchObject({ title: "Unavailable" });
      expect(headers.get("retry-after")).toMatch(/^\d+$/);
    }
  });
  await expect.poll(async () => (await get(own, "?agent=a")).body.degraded).toBe(false);
  await expect.poll(async () => (await reserve(own, { agent: "b" })).reservation_id).not.toBeNull();
  expect((await get(stranger)).status).toBe(200);
}, 120_000);

test("a project's own fail mode decides, whatever could bind the call", async () => {
  const own = await ingest.makeKey({ scopes: ["guard"] });
  const theirs = await ingest.makeKey({ scopes: ["guard"], project: "other" });
  await setFailMode("default", "open");
  await setFailMode("other", "closed");
  // Both are read with the next decision.
  await expect.poll(async () => (await get(own)).body.fail_mode).toBe("open");
  await expect.poll(async () => (await get(theirs)).body.fail_mode).toBe("closed");
  await whileItHangs(async () => {
    expect((await reserve(own)).decision).toBe("allow");
    expect((await reserve(theirs)).decision).toBe("block");
    expect(await get(theirs)).toMatchObject({ body: { degraded: true, fail_mode: "closed" } });
  });
}, 120_000);

test("a project that is known stays known while PostgreSQL says nothing, and one that is not is out of reach", async () => {
  let nowMs = Date.now();
  const findProject = createProjectLookup(ingest.postgres.db, () => nowMs);
  const known = await findProject("other");
  expect(known).toMatchObject({ projectId: ingest.projectIds.other });
  nowMs += 60_000;
  await whileItHangs(async () => {
    expect(await findProject("other")).toEqual(known);
    await expect(findProject("default")).rejects.toMatchObject({ code: "unavailable" });
  });
  expect(await findProject("default")).toMatchObject({ projectId: ingest.projectIds.default });
}, 60_000);
