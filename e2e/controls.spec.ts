import type { ServerProcess } from "../bench/server-process";
import { expect, expectNoAxeViolation, expectNoOverflow, test } from "./server-fixture";

test("an admin sees an agent obey, and rehearses a stop that measures itself and ends", async ({
  ownServer: server,
  adminPage: page,
}) => {
  test.setTimeout(360_000);
  const agent = followPolicy(server, "researcher", "researcher-1");
  await page.goto(`${server.url}/controls`);
  // It never called: it is known by its word alone.
  await page.getByRole("button", { name: "1 instance: Agent researcher" }).press("Enter");
  const sheet = page.getByRole("dialog", { name: "Instances: Agent researcher" });
  await expect(sheet.getByRole("list", { name: "Instances" })).toContainText("researcher-1");
  await expectNoAxeViolation(page);
  await page.goBack();
  await expect(sheet).toBeHidden();

  await page.getByRole("button", { name: "Stop Agent researcher" }).click();
  await expect(page.getByText("1 instance runs now: it stops at once")).toBeVisible();
  await page.getByLabel("Why").fill("It runs in a loop");
  await page.getByRole("button", { name: "Stop it" }).click();
  const agents = page.getByRole("list", { name: "Agents" });
  await expect(agents).toContainText("1 of 1 instances confirmed stopped, after ");
  // The banner that came above is behind the head of the page until somebody scrolls.
  await page.evaluate(() => window.scrollTo(0, 0));
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Release Agent researcher" }).click();
  await page.getByLabel("Why it may run again").fill("The loop is mended");
  await page.getByRole("button", { name: "Release", exact: true }).click();

  await page.getByRole("button", { name: "Rehearse a stop of Agent researcher" }).press("Enter");
  await expect(page.getByText("for at most a minute, on 1 instance.")).toBeVisible();
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Stop it for the rehearsal" }).click();
  const rehearsal = page.getByRole("region", { name: "Rehearsal" });
  await expect(rehearsal).toContainText(/1 of 1 stopped after \d+(\.\d\d)? s\./);
  // Released by the page, long before its minute is over.
  await expect(rehearsal).toContainText("It is over: the agent may run again.");
  await expect(page.getByRole("button", { name: "Stop Agent researcher" })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.reload();
  await expect(rehearsal).toContainText("1 of 1 stopped after");
  await expect(page.getByRole("button", { name: "Stop Agent researcher" })).toBeVisible();
  await expectNoAxeViolation(page);
  await expectNoOverflow(page);
  await agent.stop();
});

/** An agent that obeys: it follows the policy's stream and says what it does, as the SDK would. */
function followPolicy(server: ServerProcess, agent: string, instanceId: string) {
  const over = new AbortController();
  const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
  const tell = async (policy: { version: number; kill_switches: unknown[] }) => {
    const state = policy.kill_switches.length > 0 ? "halted" : "running";
    const body = { instance_id: instanceId, agent, policy_version: policy.version, state };
    await fetch(`${server.url}/v1/agents/heartbeat`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal: over.signal,
    });
  };
  const follow = async () => {
    const url = `${server.url}/v1/policy/stream`;
    const { body } = await fetch(url, { headers, signal: over.signal });
    let rest = "";
    let policy: Parameters<typeof tell>[0] | null = null;
    const beats = setInterval(() => {
      if (policy) tell(policy).catch(() => undefined);
    }, 5_000);
    over.signal.addEventListener("abort", () => clearInterval(beats));
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (rest + text).split("\n\n");
      rest = events.pop() ?? "";
      for (const data of events.flatMap((event) => /^data: (\{.*\})$/m.exec(event)?.[1] ?? [])) {
        policy = JSON.parse(data);
        if (policy) await tell(policy);
      }
    }
  };
  // It is ended by aborting; whatever else ends it shows as an agent that no longer obeys.
  const done = follow().catch(() => undefined);
  return {
    stop: () => {
      over.abort();
      return done;
    },
  };
}
