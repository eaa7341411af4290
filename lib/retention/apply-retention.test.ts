import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import type { Postgres } from "@/db/postgres";
import { findProject, updateProjectRow } from "@/db/queries/projects";
import { findFirstAndLastEvent } from "@/lib/calls/find-first-and-last-event";
import { createLog } from "@/lib/log";
import { applyRetention } from "@/lib/retention/apply-retention";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { makeProject } from "@/lib/testing/test-runtime";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
let postgres: Postgres;
const numbers = new GenerationNumbers();
const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-22T12:00:00Z");

beforeAll(async () => {
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
  postgres = await openTestPostgres();
});
afterAll(async () => {
  await store.close();
  await postgres.close();
});

function apply(nowMs: number, engine: ClickHouse = clickhouse) {
  return applyRetention({
    clickhouse: engine,
    postgres,
    numbers,
    log: createLog("silent"),
    now: () => nowMs,
    mustStop: () => false,
  });
}

async function projectWith(retentionDays: number | null, hoursAgo: readonly number[]) {
  const { id } = await makeProject(postgres.db);
  await updateProjectRow(postgres.db, id, { retentionDays });
  const rows = hoursAgo.map((hours) =>
    makeCallRow({ atMs: NOW - hours * HOUR, project_id: id, id: `${hours}` }),
  );
  await clickhouse.insertLines("llm_calls", toLines(rows));
  const touched = hoursAgo.map((hours) => ({
    projectId: id,
    bucket: toBucket((NOW - hours * HOUR) * 1000),
  }));
  await insertBucketChanges(clickhouse, touched, { writer: "1", number: 1 });
  return id;
}

const idsOf = async (projectId: string) => {
  const sql = "SELECT id FROM llm_calls FINAL WHERE project_id = {projectId:String} ORDER BY id";
  const rows = await clickhouse.query(sql, { projectId });
  return rows.map((row) => (row as { id: string }).id);
};

test("only whole UTC days older than a project keeps expire, and their rows go once no question can still read them", async () => {
  // Noon of the 22nd and two days kept: the 19th and all before it are whole days past them.
  const project = await projectWith(2, [1, 47, 49, 61, 100]);
  const forEver = await projectWith(null, [1000]);
  expect(await apply(NOW)).toEqual({ sealed: 2, deleted: 0 });
  expect(await idsOf(project)).toEqual(["1", "100", "47", "49", "61"]);
  const row = await findProject(postgres.db, project);
  expect(row?.sealedBefore?.toISOString()).toBe("2026-11-20T00:00:00.000Z");
  expect(await apply(NOW + HOUR)).toEqual({ sealed: 0, deleted: 2 });
  expect(await idsOf(project)).toEqual(["1", "47", "49"]);
  expect(await idsOf(forEver)).toEqual(["1000"]);
  expect(await apply(NOW + HOUR)).toEqual({ sealed: 0, deleted: 0 });
  // What expired was there: a project with nothing left is not one that never received anything.
  const span = await findFirstAndLastEvent(clickhouse, [
    { id: project, sealedBefore: row?.sealedBefore ?? null },
  ]);
  expect(span).toEqual({
    first_event_at: "2026-11-18T08:00:00Z",
    last_event_at: "2026-11-22T11:00:00Z",
  });
});

test("a run that the store interrupted is finished by the next one", async () => {
  const project = await projectWith(1, [60, 90]);
  let writes = 0;
  const failing: ClickHouse = {
    ...clickhouse,
    async insertLines(...given) {
      writes += 1;
      if (writes === 2) throw new Error("out of reach");
      return clickhouse.insertLines(...given);
    },
  };
  await expect(apply(NOW, failing)).rejects.toThrow("out of reach");
  expect((await apply(NOW)).sealed).toBe(2);
  await apply(NOW + HOUR);
  expect(await idsOf(project)).toEqual([]);
});

test("who keeps calls longer from now on gets none back and loses no more", async () => {
  const project = await projectWith(1, [30, 60]);
  await apply(NOW);
  await updateProjectRow(postgres.db, project, { retentionDays: null });
  await apply(NOW + HOUR);
  expect(await idsOf(project)).toEqual(["30"]);
  expect((await findProject(postgres.db, project))?.sealedBefore).not.toBeNull();
});
