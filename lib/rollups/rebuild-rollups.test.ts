import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN } from "@/db/clickhouse/cubes";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { deleteOldGenerations, deleteProjectRollups } from "@/db/clickhouse/queries/delete-rollups";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { listCleanRollups } from "@/db/clickhouse/queries/list-clean-rollups";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { createLog } from "@/lib/log";
import { parseQuery, readQuery } from "@/lib/request-input";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { propertyRuns } from "@/lib/testing/property-runs";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
let projectNumber = 0;
const numbers = new GenerationNumbers();
const START = Date.parse("2026-11-09T22:00:00Z");
const NOW = Date.parse("2026-11-22T00:00:00Z");
const HOUR = 3_600_000;
/** However lately it was rebuilt, and whatever the hour is. */
const AT_ONCE = -1_000 * HOUR;

beforeAll(async () => {
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
});
afterAll(() => store.close());

type Call = CallRowOptions & { id: string };
function makeProject(): string {
  projectNumber += 1;
  return `rolled-${projectNumber}`;
}

const insert = (projectId: string, calls: readonly Call[]) =>
  clickhouse.insertLines(
    "llm_calls",
    toLines(calls.map((call) => makeCallRow({ ...call, project_id: projectId }))),
  );

const clocks = new Map<string, number>();
/** Each writer has a clock of its own, of which one is far behind the other. */
function record(projectId: string, calls: readonly Call[], writer = "1"): Promise<void> {
  const number = (clocks.get(writer) ?? (writer === "1" ? 1e15 : 5)) + 1;
  clocks.set(writer, number);
  const buckets = [...new Set(calls.map(({ atMs }) => toBucket(atMs * 1000)))];
  const touched = buckets.map((bucket) => ({ projectId, bucket }));
  return insertBucketChanges(clickhouse, touched, { writer, number });
}

async function write(projectId: string, calls: readonly Call[], writer?: string): Promise<void> {
  await insert(projectId, calls);
  await record(projectId, calls, writer);
}

function rebuild(
  engine: ClickHouse = clickhouse,
  given: { now?: number; debounceMs?: number } = {},
) {
  return rebuildRollups({
    clickhouse: engine,
    log: createLog("silent"),
    numbers,
    now: () => given.now ?? NOW,
    graceMs: 0,
    debounceMs: given.debounceMs ?? AT_ONCE,
    mustStop: () => false,
  });
}

async function ask(projectIds: readonly string[], query: string) {
  const parsed = parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const projects = projectIds.map((id) => ({ id, slug: id }));
  const context = {
    clickhouse,
    projects,
    freshness: null,
    nowMs: NOW,
    organisationTimeZone: "UTC",
  };
  const answer = await sumSpend(context, parsed);
  return JSON.stringify({ ...answer, as_of: null });
}

/** No rollup knows tasks, so this filter keeps a question away from them; no call here has one. */
const askRaw = (projectIds: readonly string[], query: string) =>
  ask(projectIds, `${query}&filter.task=`);

async function expectExact(projectIds: readonly string[], query: string): Promise<void> {
  expect(await ask(projectIds, query)).toBe(await askRaw(projectIds, query));
}

async function countClean(projectId: string): Promise<number> {
  const scope = { projectIds: [projectId], fromUs: (START - 99 * HOUR) * 1000, toUs: NOW * 1000 };
  const clean = await listCleanRollups(clickhouse, scope);
  const own = clean.filter(({ grain }) => grain <= DAY_GRAIN);
  return own.reduce((sum, { starts }) => sum + starts.length, 0);
}

/** The engine with something that happens, or fails, before a step of a rebuild of one project. */
function hooked(projectId: string, before: (step: "sum" | "flip") => Promise<void>): ClickHouse {
  return {
    ...clickhouse,
    async command(sql, params, ...rest) {
      const isOwn = params?.projectId === projectId;
      if (isOwn && sql.startsWith("INSERT INTO calls_rollup")) await before("sum");
      return clickhouse.command(sql, params, ...rest);
    },
    async insertLines(table, lines) {
      const isOwn = lines.includes(JSON.stringify(projectId));
      if (isOwn && table === "bucket_generations") await before("flip");
      return clickhouse.insertLines(table, lines);
    },
  };
}

/** A process that is gone before anything of this project flips: a new generation, or hours given up for their day. */
async function crashBeforeFlip(projectId: string): Promise<void> {
  const cut = new Error("cut");
  const dying = hooked(projectId, (at) => (at === "flip" ? Promise.reject(cut) : ok()));
  await rebuild(dying).catch((error: unknown) => {
    if (error !== cut) throw error;
  });
}

const tag = fc.constantFrom("", "a", "b'\\", "😀");
const call = fc.record({
  id: fc.constantFrom(..."abcdefghijkl"),
  // Few buckets and two whole days, so that streams meet: 2.5 days in steps of ten minutes.
  atMs: fc.integer({ min: 0, max: 360 }).map((step) => START + step * 600_000),
  feature: tag,
  agent: tag,
  model: tag,
  provider: fc.constantFrom("", "p", "q"),
  user: tag,
  type: fc.constantFrom("llm" as const, "tool" as const),
  status: fc.constantFrom("ok" as const, "error" as const),
  has_usage: fc.boolean(),
  attempt: fc.constantFrom(0, 1, 2, 7),
  input_tokens: fc.integer({ min: 0, max: 2 ** 50 }),
  cost_usd: fc.constantFrom(null, "0", "0.000000000000001", "12.5", "9007199254740993.1"),
  cost_status: fc.constantFrom("priced" as const, "partial" as const),
  duration_ms: fc.option(fc.integer({ min: 0, max: 1e7 }).map((n) => n / 10)),
  time_to_first_token_ms: fc.option(fc.integer({ min: 0, max: 5000 })),
});
const batch = fc.array(call, { minLength: 1, maxLength: 25 });
const writer = fc.constantFrom("1", "2");
/** Within a day its hours are rolled up, and after it the day. */
const moment = fc.constantFrom(NOW, NOW, START + 25 * HOUR, START + 37 * HOUR, START + 49 * HOUR);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("write" as const), batch, writer }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash-before-record" as const), batch }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("replay" as const), writer }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("rebuild" as const), now: moment }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("write-during-rebuild" as const),
      batch,
      writer,
      at: fc.constantFrom("sum" as const, "flip" as const),
      isRecordedLater: fc.boolean(),
      now: moment,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash-before-flip" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete-old" as const) }) },
);
const question = fc.record({
  groups: fc.oneof(
    fc.subarray(["feature", "agent", "model", "provider", "status", "project"], { maxLength: 2 }),
    fc.subarray(["user", "project"], { minLength: 1 }),
    fc.constant(["feature", "model"]),
  ),
  figures: fc.constantFrom(
    "",
    "cost_usd,calls,errors,input_tokens,unpriced_calls",
    "retries,retry_cost_usd,unpriced_retries",
  ),
  interval: fc.constantFrom("total", "day", "hour", "week"),
  zone: fc.constantFrom("UTC", "Asia/Kathmandu", "America/New_York"),
  limit: fc.integer({ min: 1, max: 6 }),
  filter: fc.constantFrom(
    "",
    "&filter.feature=a",
    "&filter.status=error",
    "&filter.model=&filter.model=a",
    "&filter.user=&filter.user=a",
  ),
  from: fc.constantFrom(START, START + 7 * 60_000 + 0.017, START + 2 * HOUR, START + 26 * HOUR),
  to: fc.constantFrom(NOW, START + 50 * HOUR, START + 49.99 * HOUR),
});
const iso = (ms: number) => new Date(ms).toISOString();

test("an answer from rollups is the raw one, byte for byte, whatever was sent twice, late or cut short", async () => {
  let clean = 0;
  let hours = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 9 }),
      fc.array(question, { minLength: 5, maxLength: 5 }),
      async (steps, questions) => {
        const projectId = makeProject();
        const other = makeProject();
        const written: Call[] = [];
        let unrecorded: Call[] = [];
        const put = async (calls: Call[], name: string, isRecorded: boolean) => {
          written.push(...calls);
          await insert(projectId, calls);
          if (isRecorded) await record(projectId, calls, name);
          else unrecorded.push(...calls);
        };
        await write(other, [{ id: "o", atMs: START + 3 * HOUR, feature: "a" }]);
        await put([{ id: "a", atMs: START + 3 * HOUR, cost_usd: "1" }], "1", true);
        hours += (await rebuild(clickhouse, { now: START + 25 * HOUR })).hours;
        for (const it of steps) {
          if (it.kind === "write") await put(it.batch, it.writer, true);
          if (it.kind === "crash-before-record") await put(it.batch, "1", false);
          if (it.kind === "replay" && written.length) await write(projectId, written, it.writer);
          if (it.kind === "rebuild") {
            await rebuild(clickhouse, it);
          }
          if (it.kind === "delete-old") await deleteOldGenerations(clickhouse, NOW + HOUR);
          if (it.kind === "crash-before-flip") await crashBeforeFlip(projectId);
          if (it.kind === "write-during-rebuild") {
            let isDone = false;
            const during = async (at: string) => {
              if (at !== it.at || isDone) return;
              isDone = true;
              await put(it.batch, it.writer, !it.isRecordedLater);
            };
            await rebuild(hooked(projectId, during), it);
          }
          // The drain's next try: what was cut short is inserted and recorded again.
          if (unrecorded.length > 0 && it.kind !== "crash-before-record") {
            await write(projectId, unrecorded);
            unrecorded = [];
          }
        }
        await write(projectId, unrecorded);
        clean += await countClean(projectId);
        for (const { groups, figures, interval, zone, limit, filter, from, to } of questions) {
          const query = `figures=${figures}&from=${iso(from)}&to=${iso(to)}&tz=${zone}&interval=${interval}&limit=${limit}&group_by=${groups.join(",")}${filter}`;
          await expectExact([projectId], query);
          await expectExact([projectId, other], query);
        }
      },
    ),
    { numRuns: propertyRuns(4) },
  );
  expect(clean).toBeGreaterThan(0);
  expect(hours).toBeGreaterThan(0);
});

const ok = () => Promise.resolve();

test("a bucket that changes between the sum and the flip, by a writer whose clock is behind, is not clean", async () => {
  const projectId = makeProject();
  await write(projectId, [{ id: "a", atMs: START, cost_usd: "1" }]);
  let flips = 0;
  const overtaken = hooked(projectId, async (at) => {
    if (at !== "flip") return;
    flips += 1;
    if (flips > 1) throw new Error("cut");
    await write(projectId, [{ id: "b", atMs: START, cost_usd: "2" }], "2");
  });
  await rebuild(overtaken);
  expect(await countClean(projectId)).toBe(0);
  await expectExact([projectId], "group_by=feature");
  await rebuild();
  expect(await countClean(projectId)).toBe(2);
  expect(await ask([projectId], "figures=cost_usd")).toContain('"cost_usd":"3"');
});

test("a late rebuild of an older change puts nothing back", async () => {
  const projectId = makeProject();
  await write(projectId, [{ id: "a", atMs: START, cost_usd: "1" }]);
  let isFirst = true;
  const slow = hooked(projectId, async (at) => {
    if (at !== "flip" || !isFirst) return;
    isFirst = false;
    await write(projectId, [{ id: "b", atMs: START, cost_usd: "2" }]);
    await rebuild();
  });
  await rebuild(slow);
  expect(await countClean(projectId)).toBe(2);
  await expectExact([projectId], "group_by=feature");
});

test("30 days sent at once are rebuilt in few statements, and a stream of late events waits", async () => {
  const projectId = makeProject();
  const calls = Array.from({ length: 2_880 }, (_, n) => ({
    id: `c${n}`,
    atMs: NOW - (n + 1) * 900_000,
  }));
  await write(projectId, calls);
  const counts = { sum: 0, flip: 0 };
  const counting = hooked(projectId, async (at) => {
    counts[at] += 1;
  });
  await rebuild();
  await write(projectId, calls);
  // A block of four days is not over.
  const nextAtMs = Date.parse("2026-11-23T00:00:00Z");
  expect(await rebuild(counting)).toEqual({
    buckets: 2_880,
    days: 30,
    hours: 0,
    blocks: 9,
    nextAtMs,
  });
  // 30 days of buckets lie in two months, and days in weeks.
  expect(counts.sum).toBeLessThanOrEqual(31 + 6 + 9);
  expect(counts.flip).toBe(counts.sum);
  await expectExact([projectId], "group_by=feature&interval=day");
  for (const query of [
    "group_by=feature",
    "group_by=feature,model",
    "group_by=user&figures=calls",
  ]) {
    await expectExact([projectId], `${query}&from=${iso(NOW - 30 * 24 * HOUR)}&to=${iso(NOW)}`);
    await expectExact(
      [projectId],
      `${query}&from=${iso(NOW - 21 * 24 * HOUR)}&to=${iso(NOW)}&interval=week`,
    );
  }
  const soon = { now: Date.now(), debounceMs: HOUR };
  await write(projectId, [{ id: "late", atMs: START }]);
  expect(await rebuild(clickhouse, { ...soon, now: NOW + 1000 })).toMatchObject({
    buckets: 0,
    days: 0,
  });
  await expectExact([projectId], "group_by=feature&interval=day");
});

test("open buckets are left alone, and the job is told when they close", async () => {
  const projectId = makeProject();
  await write(projectId, [{ id: "open", atMs: NOW - 60_000 }]);
  const early = await rebuild(clickhouse, { now: NOW - 30_000 });
  expect(await countClean(projectId)).toBe(0);
  expect(early.nextAtMs).toBe(NOW);
});

test("what is deleted is never what a reader may still have listed", async () => {
  const projectId = makeProject();
  await write(projectId, [{ id: "a", atMs: START }]);
  const once = { now: NOW, debounceMs: 0 };
  await rebuild(clickhouse, once);
  await write(projectId, [{ id: "b", atMs: START }]);
  await rebuild(clickhouse, { ...once, now: NOW + HOUR });
  const rows = () =>
    clickhouse.query(
      "SELECT DISTINCT generation FROM calls_rollup WHERE project_id = {projectId:String}",
      {
        projectId,
      },
    );
  expect(await rows()).toHaveLength(8);
  await deleteOldGenerations(clickhouse, NOW + HOUR / 2);
  expect(await rows()).toHaveLength(8);
  await deleteOldGenerations(clickhouse, NOW + 2 * HOUR);
  expect(await rows()).toHaveLength(4);
  await expectExact([projectId], "group_by=feature");
});

test("a removed project leaves no rollup, no change and no generation", async () => {
  const projectId = makeProject();
  await write(projectId, [{ id: "a", atMs: START }]);
  await rebuild();
  await deleteProjectRollups(clickhouse, projectId);
  for (const table of ["calls_rollup", "bucket_changes", "bucket_generations"]) {
    const sql = `SELECT 1 FROM ${table} WHERE project_id = {projectId:String}`;
    expect(await clickhouse.query(sql, { projectId })).toEqual([]);
  }
});
