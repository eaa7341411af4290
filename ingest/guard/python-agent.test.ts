import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { listInstances } from "@/db/queries/instances";
import { changePolicyVersion } from "@/db/queries/policy";
import { killSwitches } from "@/db/schema/kill-switches";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

/** Calls once, and again for each line that it reads, until it is halted. */
const AGENT = `
import sys
from outlay import AgentHalted, Outlay
outlay = Outlay(agent="snake")
usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
answer = {"object": "chat.completion", "model": "gpt-4o-mini", "usage": usage}
with outlay.run(task="t", feature="f", user="u", session="s"):
    outlay.guard_llm(lambda: answer, provider="openai", model="gpt-4o-mini")
    outlay.guard_tool("search", lambda: None)
    print("sent" if outlay.flush() else outlay.status(), flush=True)
    for line in sys.stdin:
        try:
            outlay.guard_tool("search", lambda: None)
            print("called", flush=True)
        except AgentHalted as halt:
            print(halt.code, halt.by, halt.reason, flush=True)
`;

test("a Python agent's calls are counted with their price, and a switch in PostgreSQL refuses its next one", async () => {
  const child = spawn("python3", ["-B", "-c", AGENT], {
    cwd: path.join(import.meta.dirname, "../../sdk/python"),
    // Nothing of this machine's: proxies, paths.
    env: {
      NODE_ENV: "test",
      PATH: "/usr/local/bin:/usr/bin:/bin",
      OUTLAY_URL: ingest.url,
      OUTLAY_API_KEY: await ingest.makeKey({ scopes: ["ingest", "guard"] }),
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const say = async () => (await lines.next()).value;
  const ask = () => {
    child.stdin.write("again\n");
    return say();
  };
  expect(await say()).toBe("sent");
  const [call, ...others] = await ingest.rows("type = 'llm'");
  expect(others).toEqual([]);
  expect(call).toMatchObject({ agent: "snake", feature: "f", user: "u", cost_status: "priced" });
  expect(await ask()).toBe("called");

  const version = await ingest.postgres.db.transaction(async (tx) => {
    const version = await changePolicyVersion(tx);
    const at = { scope: "agent", projectId: ingest.projectIds.default, value: "snake" };
    const engaged = { reason: "a loop", engagedBy: "ann", engagedAt: new Date() };
    await tx.insert(killSwitches).values({ ...at, ...engaged });
    return version;
  });
  const standing = () =>
    listInstances(ingest.postgres.db, {
      projectIds: [ingest.projectIds.default],
      since: new Date(0),
      agent: "snake",
      limit: 10,
    });
  await expect.poll(standing).toMatchObject([{ state: "halted", policyVersion: version }]);
  expect(await ask()).toBe("kill_switch ann the kill switch of agent snake is engaged: a loop");
  child.stdin.end();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await standing()).toEqual([]);
  expect(await ingest.rows("type = 'tool'")).toHaveLength(2);
});
