import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { listCallsToCorrect } from "@/db/clickhouse/queries/list-calls-to-correct";
import { DEAREST_KEPT } from "@/db/clickhouse/queries/note-session-ranks";
import { insertRevisions } from "@/db/clickhouse/queries/revise-calls";
import { SESSION_SORT_NAMES } from "@/db/clickhouse/session-columns";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { createLog } from "@/lib/log";
import { parseQuery, readQuery } from "@/lib/request-input";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { listSessions } from "@/lib/sessions/list-sessions";
import { sessionsAnswerSchema, sessionsQuerySchema } from "@/lib/sessions/session-schemas";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { propertyRuns } from "@/lib/testing/property-runs";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let projectNumber = 0;
const numbers = new GenerationNumbers();
const START = Date.parse("2026-11-09T22:00:00Z");
const NOW = Date.parse("2026-11-22T00:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const iso = (ms: number) => new Date(ms).toISOString();
let clockUs = Date.parse("2026-11-21T00:00:00Z") * 1000;

beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

type Call = CallRowOptions & { id: string };
function makeProject() {
  projectNumber += 1;
  return { id: `people-${projectNumber}`, slug: `slug-${projectNumber}` };
}
type Project = ReturnType<typeof makeProject>;

/** What the drain does: rows, which arrive now, then a change of each bucket. */
async function write(project: Project, calls: readonly Call[], isRecorded = true): Promise<void> {
  const rows = calls.map((call) => {
    clockUs += 1000;
    return makeCallRow({ ...call, project_id: project.id, ingestedAtUs: clockUs });
  });
  await store.clickhouse.insertLines("llm_calls", toLines(rows));
  const buckets = [...new Set(calls.map(({ atMs }) => toBucket(atMs * 1000)))];
  if (isRecorded) await record(project, buckets);
}

function record(project: Project, buckets: readonly number[]): Promise<void> {
  const touched = buckets.map((bucket) => ({ projectId: project.id, bucket }));
  clockUs += 1000;
  return insertBucketChanges(store.clickhouse, touched, { writer: "1", number: clockUs });
}

interface Correction {
  cost_usd: string | null;
  counted: boolean;
}
async function correct(project: Project, name: string, derived: Correction): Promise<void> {
  clockUs += 1000;
  const correctionId = `c-${clockUs}`;
  const calls = await listCallsToCorrect(store.clickhouse, {
    projectIds: [project.id],
    fromUs: (START - DAY) * 1000,
    toUs: NOW * 1000,
    filters: [{ dimension: "name", values: [name] }],
    callId: null,
    correctionId,
    after: { bucket: 0, id: "" },
    limit: 100,
  });
  if (calls.length === 0) return;
  const revisions = calls.map((call) => {
    const { list_cost_usd, cost_status, cost_reason, price } = call;
    const rest = { list_cost_usd, cost_status, cost_reason, price };
    return { call, derived: { ...rest, ...derived } };
  });
  const author = { kind: "void" as const, reason: "a test", author: "A test" };
  await insertRevisions(store.clickhouse, revisions, { ...author, correctionId, atUs: clockUs });
  const starts = calls.map(({ bucket }) => Date.parse(`${bucket.replace(" ", "T")}Z`) / 1000);
  await record(project, [...new Set(starts)]);
}

/** @param nowMs within a day its hours are rolled up, and after it the day. */
function rebuild(nowMs = NOW) {
  return rebuildRollups({
    clickhouse: store.clickhouse,
    log: createLog("silent"),
    numbers,
    now: () => nowMs,
    graceMs: 0,
    debounceMs: -1_000 * HOUR,
    mustStop: () => false,
  });
}

async function list(projects: readonly Project[], query: string) {
  const parsed = parseQuery(sessionsQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const answer = await listSessions(
    {
      clickhouse: store.clickhouse,
      projects,
      freshness: null,
      cursorSecret: "a secret of a test",
      nowMs: clockUs / 1000 + 1,
    },
    parsed,
  );
  return sessionsAnswerSchema.parse(answer);
}

async function spend(project: Project, query: string) {
  const parsed = parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const context = {
    clickhouse: store.clickhouse,
    projects: [project],
    freshness: null,
    nowMs: NOW,
  };
  return sumSpend({ ...context, organisationTimeZone: "UTC" }, parsed);
}

/** No rollup knows tasks, so this keeps a question away from them; no call here has one. */
const RAW = "&filter.task=";
const NAMES = ["a", "b'\\", "😀"];
const call = fc.record({
  id: fc.constantFrom(..."abcdefgh"),
  atMs: fc.integer({ min: 0, max: 360 }).map((step) => START + step * 10 * MINUTE + 0.017),
  session: fc.constantFrom("", "", ...NAMES),
  trace_id: fc.constantFrom("", ...NAMES),
  user: fc.constantFrom("", ...NAMES),
  agent: fc.constantFrom("", ..."pqrstuvwxyz"),
  type: fc.constantFrom("llm" as const, "tool" as const),
  status: fc.constantFrom("ok" as const, "error" as const),
  attempt: fc.integer({ min: 0, max: 2 }),
  has_usage: fc.boolean(),
  input_tokens: fc.integer({ min: 0, max: 2 ** 44 }),
  cost_usd: fc.constantFrom(null, "0", "0.000000000000001", "12.5", "9007199254740993.1"),
  duration_ms: fc.option(fc.integer({ min: 0, max: 1e8 }).map((n) => n / 10)),
});
const batch = fc
  .array(call, { minLength: 1, maxLength: 20 })
  .map((calls) => calls.map((one) => ({ ...one, name: one.id })));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("write" as const), batch }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("replay" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("rebuild" as const),
      nowMs: fc.constantFrom(NOW, START + 25 * HOUR, START + 37 * HOUR, START + 49 * HOUR),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("correct" as const),
      name: fc.constantFrom(..."abcdefgh"),
      derived: fc.record({
        cost_usd: fc.constantFrom(null, "0", "7.25"),
        counted: fc.boolean(),
      }),
    }),
  },
);
const question = fc.record({
  sort: fc.constantFrom(...SESSION_SORT_NAMES.flatMap((name) => [name, `-${name}`])),
  filter: fc.constantFrom("", "", "&filter.session=", "&filter.session=a&filter.session=😀"),
  from: fc.constantFrom(START - DAY, START + 7 * MINUTE + 0.017, START + 2 * HOUR),
  to: fc.constantFrom(NOW, START + 50 * HOUR, START + 49.99 * HOUR),
});
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

test("sessions and users from rollups are the raw ones, byte for byte, now and as of every moment before", async () => {
  let hours = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 6 }),
      fc.array(question, { minLength: 3, maxLength: 3 }),
      async (steps, questions) => {
        const project = makeProject();
        const written: Call[] = [];
        const moments: string[] = [];
        const answersOf = async (asked: readonly Question[], rest: string) => {
          const answers = [];
          for (const { sort, filter, from, to } of asked) {
            const range = `from=${iso(from)}&to=${iso(to)}`;
            answers.push(await list([project], `${range}&sort=${sort}${filter}${rest}`));
            const figures = "figures=cost_usd,calls,errors,output_tokens";
            answers.push(await spend(project, `${range}&group_by=user&${figures}${rest}`));
          }
          return JSON.stringify(answers);
        };
        const expectSame = async (asked: readonly Question[], rest: string) =>
          expect(await answersOf(asked, rest)).toBe(await answersOf(asked, `${rest}${RAW}`));
        /** One of them at each moment: more histories in the same time find more than more questions to one. */
        const inTurn = (turn: number) => questions.filter((_, i) => i === turn % questions.length);
        await write(project, [{ id: "a", atMs: START + 3 * HOUR, session: "a", name: "a" }]);
        const first = { do: "rebuild" as const, nowMs: START + 25 * HOUR };
        const last = { do: "rebuild" as const, nowMs: NOW };
        for (const [turn, it] of [first, ...steps, last].entries()) {
          if (it.do === "write") {
            written.push(...it.batch);
            await write(project, it.batch);
          }
          if (it.do === "replay" && written.length > 0) await write(project, written);
          if (it.do === "correct") await correct(project, it.name, it.derived);
          if (it.do === "rebuild") hours += (await rebuild(it.nowMs)).hours;
          moments.push(`&as_of=${iso(clockUs / 1000)}`);
          await expectSame(inTurn(turn), "");
        }
        await expectSame(questions, "");
        for (const [turn, moment] of moments.entries()) await expectSame(inTurn(turn + 1), moment);
      },
    ),
    { numRuns: propertyRuns(4) },
  );
  expect(hours).toBeGreaterThan(0);
});

test("groups by user add up to the total, from rollups and from calls", async () => {
  const project = makeProject();
  const calls = fc.sample(call, 60).map((one, index) => ({ ...one, id: `c${index}` }));
  await write(project, calls);
  const range = `from=${iso(START - DAY)}&to=${iso(NOW)}`;
  const figures = "figures=calls,errors,unpriced_calls,partial_calls";
  for (const raw of [RAW, ""]) {
    const { rows, total } = await spend(project, `${range}&group_by=user&${figures}${raw}`);
    for (const name of ["calls", "errors", "unpriced_calls", "partial_calls"] as const) {
      expect(rows.reduce((sum, row) => sum + Number(row[name]), 0)).toBe(total[name]);
    }
    await rebuild();
  }
});

test("a trace without a session is its own session, and a call with neither is of none", async () => {
  const project = makeProject();
  const at = (minutes: number) => ({ atMs: START + minutes * MINUTE });
  await write(project, [
    { id: "1", ...at(0), session: "same", trace_id: "t1", cost_usd: "1", agent: "z" },
    { id: "2", ...at(1), session: "same", trace_id: "t2", cost_usd: "2", agent: "b", attempt: 2 },
    { id: "3", ...at(3 * 60), session: "same", cost_usd: null, duration_ms: 1500.5, agent: "" },
    { id: "4", ...at(2), trace_id: "same", type: "tool", cost_usd: null, status: "error" },
    { id: "5", ...at(4), cost_usd: "100" },
  ]);
  const query = `from=${iso(START - DAY)}&to=${iso(NOW)}`;
  const raw = await list([project], query);
  expect(raw.sessions).toMatchObject([
    {
      session: "same",
      trace_id: null,
      project: project.slug,
      cost_usd: "3",
      unpriced_calls: 1,
      calls: 3,
      steps: 3,
      errors: 0,
      retries: 1,
      agents: ["b", "z"],
      agent_count: 2,
      started_at: "2026-11-09T22:00:00Z",
      ended_at: "2026-11-10T01:00:01.5005Z",
      duration_ms: 3 * HOUR + 1500.5,
      outcome: null,
    },
    {
      session: null,
      trace_id: "same",
      cost_usd: null,
      calls: 0,
      steps: 1,
      errors: 0,
      agents: ["planner"],
    },
  ]);
  await rebuild();
  expect(await list([project], query)).toEqual(raw);
  const named = await list([project], `${query}&filter.session=same`);
  expect(named.sessions).toEqual(raw.sessions.slice(0, 1));
  const ofTrace = await list([project], `${query}&filter.trace_id=t1`);
  expect(ofTrace.sessions).toMatchObject([{ session: "same", cost_usd: "1", calls: 1 }]);
});

test("pages of any order show each session once and tie to one large page, whatever arrives and is rebuilt meanwhile", async () => {
  const project = makeProject();
  const calls = fc.sample(call, 90).map((one, index) => ({
    ...one,
    id: `c${index}`,
    session: `s${index % 20}`,
  }));
  await write(project, calls);
  await rebuild();
  const range = `from=${iso(START - DAY)}&to=${iso(NOW)}`;
  for (const sort of ["-cost", "cost", "-started", "duration", "-errors"]) {
    const question = `${range}&sort=${sort}`;
    const all = await list([project], `${question}&limit=1000`);
    let page = await list([project], `${question}&limit=7`);
    const sessions = [...page.sessions];
    while (page.next_cursor !== null) {
      // Moves every sum, adds sessions, and makes rollups of both.
      const late = calls
        .slice(0, 40)
        .map((one) => ({ ...one, cost_usd: "5", session: `s${one.id}` }));
      const more = calls
        .slice(40)
        .map((one) => ({ ...one, id: `${one.id}-${sort}${sessions.length}` }));
      await write(project, [...late, ...more]);
      if (sessions.length === 7) await rebuild();
      page = await list([project], `${question}&limit=7&cursor=${page.next_cursor}`);
      sessions.push(...page.sessions);
    }
    expect(sessions).toEqual(all.sessions);
  }
}, 300_000);

test("pages of more sessions a day than are listed as its dearest are the raw ones, to the last page", async () => {
  const project = makeProject();
  const perDay = DEAREST_KEPT + 150;
  // Few different costs, so that lists end among equals; some unknown, and some sessions of two days.
  const calls = Array.from({ length: 2 * perDay }, (_, n) => ({
    id: `c${n}`,
    atMs: START + (n % 2) * DAY + (n % 3) * HOUR * 0.9,
    session: `s${n % 50 === 0 ? n % 100 : n}`,
    cost_usd: n % 17 === 0 ? null : String((n * 7_919) % 40),
  }));
  await write(project, calls);
  await write(project, [{ id: "alone", atMs: START + 2.5 * DAY, session: "s7", cost_usd: "1000" }]);
  await rebuild(START + 3 * DAY);
  const [kept] = (await store.clickhouse.query(
    "SELECT countIf(list = 'cost') AS dearest, countIf(is_last) AS ends FROM session_ranks FINAL WHERE project_id = {id:String}",
    { id: project.id },
  )) as { dearest: string; ends: string }[];
  expect(kept).toEqual({ dearest: String(2 * DEAREST_KEPT), ends: "2" });
  const range = `from=${iso(START - DAY)}&to=${iso(NOW)}`;
  // Neither list knows the filter by itself: sessions of others are dearer, and some of them long.
  const named = await list([project], `${range}&filter.session=s8&filter.session=s50&limit=5`);
  expect(named.sessions.map(({ session }) => session).sort()).toEqual(["s50", "s8"]);
  for (const limit of [1, 400, 1000]) {
    let [cursor, raw] = ["", ""];
    for (let page = 0; page < 6; page++) {
      const asked = `${range}&limit=${limit}`;
      const rolled = await list([project], `${asked}${cursor}`);
      const expected = await list([project], `${asked}${RAW}${raw}`);
      expect(rolled.sessions).toEqual(expected.sessions);
      expect(rolled.next_cursor === null).toBe(expected.next_cursor === null);
      if (rolled.next_cursor === null) break;
      cursor = `&cursor=${rolled.next_cursor}`;
      raw = `&cursor=${expected.next_cursor}`;
    }
  }
  await write(project, [{ id: "late", atMs: START + DAY, session: "s11", cost_usd: "999" }]);
  const first = await list([project], `${range}&limit=20`);
  expect(first.sessions).toEqual((await list([project], `${range}&limit=20${RAW}`)).sessions);
}, 120_000);

test("a rollup answers a moment as long as nothing of its day arrived or was revised after it", async () => {
  const project = makeProject();
  const one = { atMs: START, session: "s", cost_usd: "1" };
  await write(project, [{ id: "a", name: "a", ...one }]);
  await rebuild();
  const first = iso(clockUs / 1000);
  // Not recorded, so only an answer from calls can know it.
  await write(project, [{ id: "b", ...one }], false);
  const costAt = async (moment: string) => {
    const query = `from=${iso(START - DAY)}&to=${iso(NOW)}${moment && `&as_of=${moment}`}`;
    return (await list([project], query)).sessions.map(({ cost_usd }) => cost_usd);
  };
  expect(await costAt("")).toEqual(["1"]);
  expect(await costAt(first)).toEqual(["1"]);
  // Rebuilt between the insert and its change: the day is clean, and what it sums arrived after that moment.
  await record(project, [toBucket((START + HOUR) * 1000)]);
  await rebuild();
  expect(await costAt("")).toEqual(["2"]);
  expect(await costAt(first)).toEqual(["1"]);
  await record(project, [toBucket(START * 1000)]);
  await correct(project, "a", { cost_usd: "9", counted: true });
  await rebuild();
  expect(await costAt("")).toEqual(["10"]);
  expect(await costAt(first)).toEqual(["1"]);
});

test("two sessions of one key are two, each with figures of its own", async () => {
  const project = makeProject();
  await write(project, [
    { id: "1", atMs: START, session: "one", cost_usd: "1" },
    { id: "2", atMs: START, session: "two", cost_usd: "2" },
  ]);
  await rebuild();
  await store.clickhouse.command(
    "ALTER TABLE session_days UPDATE key = 7 WHERE project_id = {projectId:String}",
    { projectId: project.id },
    { mutations_sync: 1 },
  );
  const { sessions } = await list([project], `from=${iso(START - DAY)}&to=${iso(NOW)}`);
  const costs = sessions.map(({ session, cost_usd }) => [session, cost_usd]);
  expect(costs.sort()).toEqual([
    ["one", "1"],
    ["two", "2"],
  ]);
});

test("a cursor that was altered or belongs to another question is refused, and so is what is unknown", async () => {
  const project = makeProject();
  await write(project, [
    { id: "1", atMs: START, session: "one" },
    { id: "2", atMs: START, session: "two" },
  ]);
  const query = `from=${iso(START - DAY)}&to=${iso(NOW)}&limit=1`;
  const { next_cursor } = await list([project], query);
  for (const [rest, path] of [
    [`&cursor=A${next_cursor}`, "cursor"],
    [`&filter.user=a&cursor=${next_cursor}`, "cursor"],
    [`&sort=started&cursor=${next_cursor}`, "cursor"],
    ["&filter.colour=1", "filter.colour"],
    ["&sort=colour", "sort"],
  ]) {
    const refused = { code: "bad_request", errors: [{ path }] };
    await expect(list([project], `${query}${rest}`)).rejects.toMatchObject(refused);
  }
  expect((await list([project], `${query}&cursor=${next_cursor}`)).sessions).toHaveLength(1);
});
