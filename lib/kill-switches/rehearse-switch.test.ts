import { afterAll, beforeAll, expect, test } from "vitest";
import { saveBeats } from "@/db/queries/instances";
import { listInstances } from "@/lib/instances/list-instances";
import { listKillSwitches } from "@/lib/kill-switches/list-kill-switches";
import { rehearseSwitch } from "@/lib/kill-switches/rehearse-switch";
import { auditOf } from "@/lib/testing/audit-of";
import { openTestStores } from "@/lib/testing/open-test-stores";
import { makeProject, makeUser, type TestRuntime } from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestStores();
});
afterAll(() => runtime.close());

const wish = { agent: "planner", reason: "A rehearsal" };

async function makeAgent(state: "running" | "halted" = "running", seenMs = Date.now()) {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const beat = (given: { state: "running" | "halted"; policyVersion: number; seenMs: number }) =>
    saveBeats(db, [
      {
        projectId: project.id,
        instanceId: "i",
        agent: "planner",
        policyVersion: given.policyVersion,
        state: given.state,
        seenAt: new Date(given.seenMs),
      },
    ]);
  await beat({ state, policyVersion: 1, seenMs });
  const as = async (role: "viewer" | "finance" | "engineer" | "admin") => ({
    ...runtime,
    db,
    actor: await makeUser(db, role, project.id),
    requestId: null,
    projects: [project],
  });
  return { project, beat, as };
}

test("an admin rehearses: it stops the agent for a minute at most, is audited, and says who confirmed and when", async () => {
  const { project, beat, as } = await makeAgent();
  const admin = await as("admin");
  const row = await rehearseSwitch(admin, { ...wish, project: project.slug });
  expect((row.until?.getTime() ?? 0) - (row.engagedAt?.getTime() ?? 0)).toBe(60_000);
  const obedience = async () => (await listKillSwitches(admin)).switches[0]?.obedience;
  expect(await obedience()).toMatchObject({ instances: 1, confirmed: 0, slowest_ms: null });
  const engagedMs = row.engagedAt?.getTime() ?? 0;
  const policyVersion = row.engagedVersion ?? 0;
  await beat({ state: "halted", policyVersion, seenMs: engagedMs + 230 });
  expect(await obedience()).toMatchObject({ instances: 1, confirmed: 1, slowest_ms: 230 });
  expect(await listInstances(admin, { limit: 10 })).toMatchObject({
    policy_version: policyVersion,
    instances: [{ agent: "planner", state: "halted", policy_version: policyVersion }],
  });
  expect(await auditOf(runtime.postgres.db, row.id)).toMatchObject([
    { action: "kill_switch.engage" },
  ]);
});

test("refuses a viewer, finance, and an engineer, who could not end it", async () => {
  const { project, as } = await makeAgent();
  for (const role of ["viewer", "finance", "engineer"] as const) {
    await expect(
      rehearseSwitch(await as(role), { ...wish, project: project.slug }),
    ).rejects.toMatchObject({ code: "forbidden" });
  }
});

test("nothing is rehearsed where the agent is stopped already, or nothing of it runs", async () => {
  const { project, as } = await makeAgent();
  const admin = await as("admin");
  const asked = { ...wish, project: project.slug };
  await rehearseSwitch(admin, asked);
  await expect(rehearseSwitch(admin, asked)).rejects.toMatchObject({ code: "conflict" });
  const silent = await makeAgent("running", Date.now() - 20_000);
  await expect(
    rehearseSwitch(await silent.as("admin"), { ...wish, project: silent.project.slug }),
  ).rejects.toMatchObject({ code: "conflict" });
});
