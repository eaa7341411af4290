import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { changePolicyVersion } from "@/db/queries/policy";
import { killSwitches } from "@/db/schema/kill-switches";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { policyAnswerSchema } from "@/lib/policy/policy-schemas";
import { makeBudget } from "@/lib/testing/test-budgets";

let ingest: TestIngest;
const SOON = { timeout: 20_000 };

/** An agent that follows the policy: what it was told, and how its stream ended. */
async function follow(key: string, query = "") {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(`${ingest.url}/v1/policy/stream${query}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: stop.signal,
  });
  const heard = { text: "", hasEnded: false };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      heard.text += decoder.decode(chunk as Uint8Array, { stream: true });
    }
  };
  const ended = read().catch(() => undefined);
  void ended.then(() => {
    heard.hasEnded = true;
  });
  const policies = () =>
    [...heard.text.matchAll(/event: policy\nid: (\d+)\ndata: (.+)\n\n/g)].map(([, id, data]) => ({
      id: Number(id),
      policy: policyAnswerSchema.parse(JSON.parse(data ?? "")),
    }));
  return { response, heard, policies, stop: () => stop.abort() };
}

async function engage(given: Partial<typeof killSwitches.$inferInsert>) {
  return ingest.postgres.db.transaction(async (tx) => {
    const version = await changePolicyVersion(tx);
    const values = { scope: "agent", projectId: ingest.projectIds.default, reason: "a loop" };
    await tx.insert(killSwitches).values({ ...values, engagedAt: new Date(), ...given });
    return version;
  });
}

describe("while its process lives", () => {
  beforeAll(async () => {
    ingest = await openTestIngest();
  });
  afterAll(() => ingest.close());

  test("an agent is told the whole policy at once, and again when a switch is engaged, each version once", async () => {
    const key = await ingest.makeKey({ scopes: ["guard"] });
    const agents = await Promise.all(
      Array.from({ length: 20 }, () => follow(key, "?agent=planner")),
    );
    for (const { response } of agents) {
      expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
      expect(response.headers.get("cache-control")).toContain("no-store");
    }
    const version = await engage({ value: "planner" });
    for (const { policies } of agents) {
      await expect.poll(() => policies().at(-1)?.id, SOON).toBe(version);
      const ids = policies().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(policies().at(-1)?.policy.kill_switches).toMatchObject([
        { scope: "agent", value: "planner", reason: "a loop" },
      ]);
    }
  });

  test("an agent is told of its own project and of its own tags", async () => {
    const { db } = ingest.postgres;
    const projectId = ingest.projectIds.default;
    await makeBudget(db, { name: "each agent", projectId, scope: "agent", value: "*" });
    const [own, tagged, other] = [
      await follow(await ingest.makeKey({ scopes: ["guard"] })),
      await follow(await ingest.makeKey({ scopes: ["guard"] }), "?agent=writer"),
      await follow(await ingest.makeKey({ scopes: ["guard"], project: "other" })),
    ];
    const version = await engage({ value: "reader" });
    const last = async (agent: typeof own) => {
      await expect.poll(() => agent.policies().at(-1)?.id, SOON).toBe(version);
      return agent.policies().at(-1)?.policy;
    };
    expect((await last(own))?.kill_switches.map(({ value }) => value)).toContain("reader");
    expect((await last(own))?.not_asked).toEqual(["agent"]);
    expect((await last(tagged))?.kill_switches).toEqual([]);
    expect((await last(tagged))?.budgets).toMatchObject([{ name: "each agent", value: "writer" }]);
    expect((await last(other))?.kill_switches).toEqual([]);
  });

  test("it takes the scope guard, and tells an unknown parameter", async () => {
    const answers = [
      await follow("nobody's"),
      await follow(await ingest.makeKey({ scopes: ["read", "ingest"] })),
      await follow(await ingest.makeKey({ scopes: ["guard"] }), "?agnet=a"),
      await follow(await ingest.makeKey({ scopes: ["guard"] }), "?agent=a&agent=b"),
    ];
    expect(answers.map(({ response }) => response.status)).toEqual([401, 403, 400, 400]);
  });
});

test("a stream ends with a goodbye when its process does", async () => {
  const own = await openTestIngest();
  const key = await own.makeKey({ scopes: ["guard"] });
  const response = await fetch(`${own.url}/v1/policy/stream`, {
    headers: { authorization: `Bearer ${key}` },
  });
  own.endStreams();
  expect(await response.text()).toMatch(/event: bye\ndata: \{\}\n\n$/);
  const late = await fetch(`${own.url}/v1/policy/stream`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(late.status).toBe(503);
  await own.close();
});
