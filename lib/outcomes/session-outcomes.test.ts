import { afterAll, beforeAll, expect, test } from "vitest";
import { insertCorrection } from "@/db/queries/corrections";
import { deleteOutcomes, insertOutcomes, type SentOutcome } from "@/db/queries/outcomes";
import { updateProjectRow } from "@/db/queries/projects";
import { outcomes } from "@/db/schema/outcomes";
import { ERASED } from "@/lib/corrections/decide-revision";
import { runCorrection } from "@/lib/corrections/run-correction";
import {
  openTestCorrections,
  type TestCorrections,
} from "@/lib/corrections/testing/open-test-corrections";
import { writeSessionsCsv } from "@/lib/export/write-sessions-csv";
import { parseQuery, readQuery } from "@/lib/request-input";
import { applyRetention } from "@/lib/retention/apply-retention";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { listSessions } from "@/lib/sessions/list-sessions";
import { sessionsQuerySchema } from "@/lib/sessions/session-schemas";
import { findTree } from "@/lib/traces/find-tree";

let kit: TestCorrections;
const NOON = Date.parse("2026-11-10T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Outcomes of the tests are received before it, and asked for after it. */
const RECEIVED = NOON + DAY;
const NOW = RECEIVED + HOUR;
const early = <Call extends object>(call: Call) => ({ ...call, ingestedAtUs: NOON * 1000 });
const query = parseQuery(
  sessionsQuerySchema,
  readQuery(new URL("http://x/?from=2026-11-01T00:00:00Z&to=2026-11-20T00:00:00Z&limit=2")),
);

beforeAll(async () => {
  kit = await openTestCorrections();
  await kit.job.close();
});
afterAll(() => kit.close());

type Project = Awaited<ReturnType<TestCorrections["makeProject"]>>;
type Told = Partial<SentOutcome> & { id: string };

function tell(project: Project, told: readonly Told[], receivedAtMs = RECEIVED) {
  const sent = told.map(({ timestamp = new Date(NOON).toISOString(), ...outcome }) => ({
    ...{ task: "none", taskType: null, session: null, feature: null, valueUsd: null },
    ...{ status: "success" as const, ...outcome, timestamp },
  }));
  const receivedAt = new Date(receivedAtMs);
  return insertOutcomes(kit.db, sent, { projectId: project.id, receivedAt, erased: ERASED });
}

const contextOf = (projects: readonly Project[], nowMs: number) => ({
  ...{ clickhouse: kit.clickhouse, db: kit.db, projects, freshness: null, nowMs },
});

/** Outcomes of all sessions by name, as the list tells them page by page, and each tree's head the same. */
async function outcomesOf(projects: readonly Project[], nowMs = NOW) {
  const context = { ...contextOf(projects, nowMs), cursorSecret: "a secret" };
  const told: Record<string, string | null> = {};
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor; isFirst = false) {
    const page = await listSessions(context, { ...query, cursor });
    for (const { project, session, trace_id, outcome, outcome_value_usd } of page.sessions) {
      const name = session ?? trace_id ?? "";
      told[name] = outcome && `${outcome} ${outcome_value_usd}`;
      const one = contextOf(
        projects.filter(({ slug }) => slug === project),
        nowMs,
      );
      const kind = session === null ? ("sessionless_trace" as const) : ("session" as const);
      const tree = await findTree(one, [{ kind, id: name }], { limit: 10 });
      expect(tree.session).toMatchObject({ outcome, outcome_value_usd });
    }
    cursor = page.next_cursor;
  }
  return told;
}

test("a session's outcome is the latest that names it, else the latest of its tasks that names none; of its own project, in list, tree and file alike", async () => {
  const [project, other] = [await kit.makeProject(), await kit.makeProject()];
  const at = (hours: number) => new Date(NOON + hours * HOUR).toISOString();
  await kit.send(
    project,
    [
      { id: "1", atMs: NOON, session: "named", task: "a" },
      { id: "2", atMs: NOON, session: "by-task", task: "b" },
      { id: "3", atMs: NOON + 2 * HOUR, session: "by-task", task: "c" },
      { id: "4", atMs: NOON, session: "", trace_id: "trace", task: "d" },
      { id: "5", atMs: NOON, session: "silent", task: "e" },
      { id: "6", atMs: NOON, session: "late", task: "a" },
    ].map(early),
  );
  await kit.send(other, [early({ id: "1", atMs: NOON, session: "foreign", task: "b" })]);
  await tell(project, [
    { id: "1", session: "named", status: "failure", timestamp: at(1) },
    { id: "2", session: "named", valueUsd: "0.000000000000001", timestamp: at(2) },
    { id: "3", session: "named", status: "failure", timestamp: at(0) },
    { id: "4", task: "a", status: "failure", valueUsd: "7", timestamp: at(9) },
    { id: "5", task: "b", valueUsd: "12.5", timestamp: at(3) },
    { id: "6", task: "c", status: "failure", timestamp: at(1) },
    { id: "7", task: "b", session: "elsewhere", status: "failure", timestamp: at(8) },
    { id: "8", task: "d", status: "failure", valueUsd: "0" },
  ]);
  await tell(project, [{ id: "9", session: "late", timestamp: at(4) }], NOW + HOUR);
  const told = {
    named: "success 0.000000000000001",
    "by-task": "success 12.5",
    trace: "failure 0",
    silent: null,
    late: "failure 7",
    foreign: null,
  };
  expect(await outcomesOf([project, other])).toEqual(told);
  // An earlier moment keeps its own.
  const later = { ...told, late: "success null" };
  expect(await outcomesOf([project, other], NOW + 2 * HOUR)).toEqual(later);
  const { clickhouse, db } = kit;
  const context = { clickhouse, db, projects: [project], cursorSecret: "s", nowMs: NOW };
  let csv = "";
  const lines = writeSessionsCsv({ ...context, momentUs: NOW * 1000 }, query);
  for await (const line of lines) csv += line;
  expect(csv).toContain("success,0.000000000000001");
});

test("an erased session, and every session of an erased user, stands in no outcome of the project; a retry says nothing new", async () => {
  const [project, other] = [await kit.makeProject(), await kit.makeProject()];
  const calls = [
    { id: "1", atMs: NOON, user: "mallory", session: "hers", task: "t" },
    { id: "2", atMs: NOON, user: "mallory", session: "shared" },
    { id: "3", atMs: NOON, user: "bob", session: "shared" },
    { id: "4", atMs: NOON, user: "bob", session: "his" },
    { id: "5", atMs: NOON, user: "bob", session: "gone" },
  ].map(early);
  await kit.send(project, calls);
  await kit.send(other, calls);
  const sessions = ["hers", "shared", "his", "gone", "without-calls"];
  const told = sessions.map((session) => ({ id: `of-${session}`, session, valueUsd: "2" }));
  await tell(project, told);
  await tell(other, told);
  const erase = async (dimension: "user" | "session", name: string, isDryRun = false) => {
    const { id } = await insertCorrection(kit.db, {
      kind: "erase",
      projectIds: [project.id],
      fromUs: (NOON - DAY) * 1000,
      toUs: (NOON + DAY) * 1000,
      filters: [{ dimension, values: [name] }],
      isDryRun,
      reason: "asked for",
      authorType: "system",
      authorId: "test",
      authorName: "A test",
    });
    await runCorrection(kit.runtime, id);
  };
  const namesOf = async ({ id }: Project) => {
    const rows = await kit.db.select().from(outcomes);
    const own = rows.filter(({ projectId }) => projectId === id);
    return sessions.map((name) => own.find((row) => row.id === `of-${name}`)?.session);
  };
  await erase("user", "mallory", true);
  expect(await namesOf(project)).toEqual(sessions);
  await erase("user", "mallory");
  expect(await namesOf(project)).toEqual([ERASED, ERASED, "his", "gone", "without-calls"]);
  await erase("session", "gone");
  await erase("session", "without-calls");
  expect(await namesOf(project)).toEqual([ERASED, ERASED, "his", ERASED, ERASED]);
  expect(await namesOf(other)).toEqual(sessions);
  expect(await tell(project, told)).toEqual([]);
  expect(await tell(project, [{ id: "of-hers", session: "hers", valueUsd: "3" }])).toEqual([0]);
  expect(await namesOf(project)).toEqual([ERASED, ERASED, "his", ERASED, ERASED]);
  const shown = { [ERASED]: null, shared: null, his: "success 2" };
  expect(await outcomesOf([project])).toEqual(shown);
});

test("what a project keeps no longer, and a project that is removed, leaves no outcome of its own", async () => {
  const [project, other] = [await kit.makeProject(), await kit.makeProject()];
  const old = { id: "old", timestamp: "2026-11-08T23:59:59.999999Z" };
  const kept = { id: "kept", timestamp: "2026-11-09T00:00:00Z" };
  await tell(project, [old, kept]);
  await tell(other, [old, kept]);
  await updateProjectRow(kit.db, project.id, { retentionDays: 1 });
  const { clickhouse, runtime } = kit;
  const engines = { clickhouse, postgres: runtime.postgres, log: runtime.log };
  const how = { numbers: new GenerationNumbers(), now: () => NOON, mustStop: () => false };
  await applyRetention({ ...engines, ...how });
  const left = async ({ id }: Project) => {
    const rows = await kit.db.select().from(outcomes);
    return rows.filter(({ projectId }) => projectId === id).map((row) => row.id);
  };
  expect(await left(project)).toEqual(["kept"]);
  await deleteOutcomes(kit.db, { projectId: project.id });
  expect([await left(project), (await left(other)).sort()]).toEqual([[], ["kept", "old"]]);
});
