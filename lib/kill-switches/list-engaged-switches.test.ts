import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { putKillSwitchSchema } from "@/lib/kill-switches/kill-switch-schemas";
import { listEngagedSwitches } from "@/lib/kill-switches/list-engaged-switches";
import { setKillSwitch } from "@/lib/kill-switches/set-kill-switch";
import { resolveProjects } from "@/lib/projects/resolve-projects";
import { openTestStores } from "@/lib/testing/open-test-stores";
import { makeProject, makeUser, type TestRuntime } from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestStores();
});
afterAll(() => runtime.close());

const HOUR_MS = 3_600_000;

test("a person is told what is stopped in their projects and everywhere, and of no other project", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const admin = await makeUser(db, "admin");
  const viewer = await makeUser(db, "viewer", own.id);
  const stop = (given: object) =>
    setKillSwitch(
      { actor: admin, db, requestId: "r-1" },
      putKillSwitchSchema.parse({ reason: "a loop", engaged: true, ...given }),
    );
  const seenBy = async (actor: Actor, nowMs = Date.now()) => {
    const projects = await resolveProjects(db, actor, null, "switches.read");
    const { switches } = await listEngagedSwitches({ db, projects }, nowMs);
    return switches.map(({ scope, project, value }) => [scope, project, value]);
  };
  expect(await seenBy(viewer)).toEqual([]);

  const until = new Date(Date.now() + HOUR_MS).toISOString();
  await stop({ scope: "agent", project: own.slug, value: "planner", until });
  await stop({ scope: "agent", project: foreign.slug, value: "writer" });
  expect(await seenBy(viewer)).toEqual([["agent", own.slug, "planner"]]);
  // It ends by itself, with nobody there to release it.
  expect(await seenBy(viewer, Date.now() + 2 * HOUR_MS)).toEqual([]);

  await stop({ scope: "global" });
  expect(await seenBy(viewer)).toContainEqual(["global", null, null]);
  await stop({ scope: "global", engaged: false });
  expect(await seenBy(viewer)).toEqual([["agent", own.slug, "planner"]]);
});
