import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_TABLES } from "@/db/clickhouse/cubes";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { deleteOldGenerations } from "@/db/clickhouse/queries/delete-rollups";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import {
  deleteSealedCalls,
  listDaysToSeal,
  listSealedDaysWithCalls,
} from "@/db/clickhouse/queries/seal-day";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { createLog } from "@/lib/log";
import { parseQuery, readQuery } from "@/lib/request-input";
import { sealDay } from "@/lib/retention/seal-day";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { propertyRuns } from "@/lib/testing/property-runs";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
let projectNumber = 0;
const numbers = new GenerationNumbers();
const DAY = 86_400_000;
const START = Date.parse("2026-11-09T00:00:00Z");
const NOW = Date.parse("2026-11-22T00:00:00Z");
/** Two days and a half; the first two expire. */
const SEALED_BEFORE = START + 2 * DAY;

beforeAll(async () => {
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
});
afterAll(() => store.close());

type Call = CallRowOptions & { id: string; ingestedAtUs: number };
let change = 1e15;
let arrivalUs = NOW * 1000;

async function write(projectId: string, calls: readonly Call[]): Promise<void> {
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: projectId }));
  await clickhouse.insertLines("llm_calls", toLines(rows));
  const buckets = [...new Set(calls.map(({ atMs }) => toBucket(atMs * 1000)))];
  change += 1;
  const touched = buckets.map((bucket) => ({ projectId, bucket }));
  await insertBucketChanges(clickhouse, touched, { writer: "1", number: change });
}

/** @param nowMs within a day its hours are rolled up, and after it the day. */
function rebuild(nowMs = NOW) {
  return rebuildRollups({
    clickhouse,
    log: createLog("silent"),
    numbers,
    now: () => nowMs,
    graceMs: 0,
    debounceMs: -1_000 * DAY,
    mustStop: () => false,
  });
}

/** An engine that does something before its nth write. */
function hooked(before: (n: number) => Promise<void>): ClickHouse {
  let n = 0;
  return {
    ...clickhouse,
    async command(...given) {
      await before(n++);
      return clickhouse.command(...given);
    },
    async insertLines(...given) {
      await before(n++);
      return clickhouse.insertLines(...given);
    },
  };
}

interface Sealed {
  projectId: string;
  sealedBefore: Date | null;
}

async function seal(project: Sealed, engine: ClickHouse = clickhouse): Promise<void> {
  const { projectId } = project;
  const beforeSeconds = SEALED_BEFORE / 1000;
  for (const dayStart of await listDaysToSeal(clickhouse, { projectId, beforeSeconds, limit: 9 })) {
    const context = { clickhouse: engine, numbers, now: () => NOW };
    await sealDay(context, { projectId, dayStart }, async () => {
      project.sealedBefore = new Date(dayStart * 1000 + DAY);
    });
  }
}

async function deleteCalls({ projectId }: Sealed): Promise<void> {
  const days = await listSealedDaysWithCalls(clickhouse, { projectId, sealedByMs: NOW + DAY });
  for (const dayStart of days) await deleteSealedCalls(clickhouse, { projectId, dayStart });
}

async function ask({ projectId, sealedBefore }: Sealed, query: string) {
  const parsed = parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const projects = [{ id: projectId, slug: "same", sealedBefore }];
  const context = {
    clickhouse,
    projects,
    freshness: null,
    nowMs: NOW,
    organisationTimeZone: "UTC",
  };
  const { first_event_at, last_event_at, ...answer } = await sumSpend(context, parsed);
  return JSON.stringify(answer);
}

const countCalls = async (projectId: string, more = "") =>
  clickhouse.query(
    `SELECT id FROM llm_calls FINAL WHERE project_id = {projectId:String} ${more} ORDER BY id`,
    { projectId },
  );

const tag = fc.constantFrom("", "a", "b'\\", "😀");
const call = fc.record({
  id: fc.constantFrom(..."abcdefgh"),
  atMs: fc.integer({ min: 0, max: 119 }).map((step) => START + step * 30 * 60_000),
  feature: tag,
  agent: tag,
  model: tag,
  user: tag,
  type: fc.constantFrom("llm" as const, "tool" as const),
  status: fc.constantFrom("ok" as const, "error" as const),
  attempt: fc.constantFrom(0, 1, 2),
  input_tokens: fc.integer({ min: 0, max: 2 ** 50 }),
  cost_usd: fc.constantFrom(null, "0", "0.000000000000001", "12.5", "9007199254740993.1"),
  duration_ms: fc.option(fc.integer({ min: 0, max: 1e7 }).map((n) => n / 10)),
});
const batch = fc.array(call, { minLength: 1, maxLength: 15 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("write" as const), batch }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("replay" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("rebuild" as const),
      nowMs: fc.constantFrom(NOW, START + DAY / 2, START + 1.5 * DAY),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("seal" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("cut-seal" as const),
      at: fc.integer({ min: 0, max: 9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("write-during-seal" as const),
      at: fc.integer({ min: 0, max: 9 }),
      batch,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const) }) },
);
const QUESTIONS = [
  "",
  "group_by=feature&interval=day",
  "group_by=model&interval=day&tz=Asia/Kathmandu",
  "group_by=status",
  "group_by=agent&limit=1",
  "filter.feature=a&interval=hour&tz=America/New_York",
  `from=${new Date(START + DAY / 3).toISOString()}&to=${new Date(START + 1.5 * DAY).toISOString()}`,
];

let asked = 0;

test("sealed days answer as if their calls were there, whatever is sent again, late or cut short", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 9 }), async (steps) => {
      projectNumber += 1;
      const project: Sealed = { projectId: `sealed-${projectNumber}`, sealedBefore: null };
      const twin: Sealed = { projectId: `kept-${projectNumber}`, sealedBefore: null };
      const written: Call[] = [];
      const put = async (calls: readonly Omit<Call, "ingestedAtUs">[]) => {
        const arrived = calls.map((one) => ({ ...one, ingestedAtUs: ++arrivalUs }));
        written.push(...arrived);
        await write(project.projectId, arrived);
        await write(twin.projectId, arrived);
      };
      for (const it of steps) {
        if (it.kind === "write") await put(it.batch);
        if (it.kind === "replay" && written.length > 0) await put(written);
        if (it.kind === "rebuild") await rebuild(it.nowMs);
        if (it.kind === "seal") await seal(project);
        if (it.kind === "cut-seal") {
          const cut = hooked(async (n) => {
            if (n === it.at) throw new Error("cut");
          });
          await seal(project, cut).catch((error: Error) => expect(error.message).toBe("cut"));
        }
        if (it.kind === "write-during-seal") {
          const during = hooked(async (n) => {
            if (n === it.at) await put(it.batch);
          });
          await seal(project, during);
        }
        if (it.kind === "delete") await deleteCalls(project);
        asked += 1;
        for (const query of [QUESTIONS[0] ?? "", QUESTIONS[asked % QUESTIONS.length] ?? ""]) {
          expect(await ask(project, query), `${it.kind} ${query}`).toBe(await ask(twin, query));
        }
      }
      await deleteOldGenerations(clickhouse, NOW + DAY);
      for (const query of QUESTIONS) expect(await ask(project, query)).toBe(await ask(twin, query));
    }),
    { numRuns: propertyRuns(5) },
  );
});

test("what expired is gone from the disk, and what came late keeps its dollars and nobody's name", async () => {
  const project: Sealed = { projectId: "gone", sealedBefore: null };
  const first = { id: "first", atMs: START, user: "ann", cost_usd: "1", ingestedAtUs: 1 };
  await write("gone", [first]);
  await seal(project);
  await deleteCalls(project);
  expect(await countCalls("gone")).toEqual([]);
  const late = { id: "late", atMs: START, user: "bob", session: "s", cost_usd: "2" };
  await write("gone", [
    { ...late, metadata: { mail: "bob" }, ingestedAtUs: 2 },
    { ...first, ingestedAtUs: 3 },
  ]);
  expect(JSON.parse(await ask(project, "")).total.cost_usd).toBe("3");
  await deleteCalls(project);
  expect(await countCalls("gone")).toEqual([{ id: "late" }]);
  expect(
    await countCalls("gone", "AND (user != '' OR session != '' OR length(metadata) > 0)"),
  ).toEqual([]);
  expect(JSON.parse(await ask(project, "")).total.cost_usd).toBe("3");
  // Nothing is left to do: the job does not rewrite the table every quarter of an hour.
  expect(
    await listSealedDaysWithCalls(clickhouse, { projectId: "gone", sealedByMs: NOW + DAY }),
  ).toEqual([]);
});

test("a day that is sealed leaves nobody's name in its rollups, of its hours neither", async () => {
  const project: Sealed = { projectId: "nameless", sealedBefore: null };
  const call = { user: "ann", session: "s", cost_usd: "1" };
  await write("nameless", [
    { id: "a", atMs: START, ...call, ingestedAtUs: 1 },
    { id: "b", atMs: START + DAY, ...call, ingestedAtUs: 2 },
  ]);
  await rebuild(START + DAY / 2);
  await rebuild(START + 1.5 * DAY);
  const hours =
    "SELECT DISTINCT bucket FROM bucket_generations WHERE project_id = 'nameless' AND grain = 3600";
  expect(await clickhouse.query(hours)).toHaveLength(2);
  const daysOf = (table: string) =>
    clickhouse.query(
      `SELECT DISTINCT toString(toDate(bucket)) AS day FROM ${table} WHERE project_id = 'nameless' ORDER BY day`,
    );
  expect(await daysOf("user_days")).toEqual([{ day: "2026-11-09" }, { day: "2026-11-10" }]);
  expect(await daysOf("session_ranks")).toEqual([{ day: "2026-11-09" }, { day: "2026-11-10" }]);
  await seal(project);
  await deleteOldGenerations(clickhouse, NOW + DAY);
  for (const table of [...Object.values(DAY_TABLES), "session_ranks"]) {
    expect(await daysOf(table)).toEqual([]);
  }
  expect(JSON.parse(await ask(project, "")).total.cost_usd).toBe("2");
});

test("a question that the kept sums cannot answer is refused, and says from when on it can be asked", async () => {
  const project: Sealed = { projectId: "asked", sealedBefore: null };
  await write("asked", [{ id: "x", atMs: START, user: "ann", cost_usd: "1", ingestedAtUs: 1 }]);
  await seal(project);
  for (const query of ["group_by=user", "group_by=feature,model", "filter.task=t"]) {
    await expect(ask(project, query)).rejects.toMatchObject({
      code: "bad_request",
      errors: [
        { path: "from", message: "must not be before 2026-11-10T00:00:00+00:00 for this question" },
      ],
    });
    await expect(ask(project, `${query}&from=2026-11-10T00:00:00Z`)).resolves.toBeTruthy();
  }
  // Any other project of the same reader is not in the way.
  await expect(
    ask({ projectId: "other", sealedBefore: null }, "group_by=user"),
  ).resolves.toBeTruthy();
});
