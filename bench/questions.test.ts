import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { callsQuerySchema } from "@/lib/calls/call-schemas";
import { listCalls } from "@/lib/calls/list-calls";
import { createLog } from "@/lib/log";
import { parseQuery, readQuery } from "@/lib/request-input";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { listSessions } from "@/lib/sessions/list-sessions";
import { sessionsQuerySchema } from "@/lib/sessions/session-schemas";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { checkAnswer } from "./check-answer";
import { fillNamedData } from "./fill-named-data";
import { sumNamedData } from "./named-data";
import { clockOf, QUESTIONS } from "./questions";

/** The benchmark's data and questions at a thousandth of its scale: that the answers are right, not that they are fast. */
const data = { calls: 20_000, endSeconds: Date.parse("2026-11-22T05:30:00Z") / 1000 };
const project = { id: "bench", slug: "bench" };
let store: Awaited<ReturnType<typeof openTestClickHouse>>;
/** The last bucket is open, as at any moment of a live system. */
const nowMs = (data.endSeconds - 600) * 1000;

beforeAll(async () => {
  store = await openTestClickHouse();
  await fillNamedData(store.clickhouse, project.id, data);
  const { buckets, days } = await rebuildRollups({
    clickhouse: store.clickhouse,
    log: createLog("silent"),
    numbers: new GenerationNumbers(),
    now: () => nowMs,
    graceMs: 0,
    debounceMs: 0,
    mustStop: () => false,
  });
  expect(buckets).toBe(30 * 96 - 1);
  expect(days).toBe(30);
});
afterAll(() => store.close());

function ask(path: string): Promise<object> {
  const url = new URL(path, "http://bench");
  const context = {
    clickhouse: store.clickhouse,
    projects: [project],
    freshness: null,
    cursorSecret: "a secret of the tests only",
    organisationTimeZone: "UTC",
    nowMs,
  };
  const values = readQuery(url);
  if (url.pathname === "/api/calls")
    return listCalls(context, parseQuery(callsQuerySchema, values));
  if (url.pathname === "/api/sessions") {
    return listSessions(context, parseQuery(sessionsQuerySchema, values));
  }
  return sumSpend(context, parseQuery(spendQuerySchema, values));
}

test.each(QUESTIONS)("$name: the answer is the data's", async (question) => {
  const path = question.path(clockOf(data));
  const answer = await ask(path);
  checkAnswer(question, data, answer);
  if (question.check === "calls" || question.check === "sessions") return;
  // No rollup knows the type, and all calls are of this one: the same answer from the calls alone.
  expect(answer).toEqual(await ask(`${path}&filter.type=llm`));
});

test("the data is what the benchmark says of it", async () => {
  const [stored] = await store.clickhouse.query(
    `SELECT toString(sum(cost_usd)) AS cost, toUInt32(countIf(status = 'error')) AS errors,
       toUInt32(countIf(isNull(cost_usd))) AS unpriced, toUInt32(uniqExact(session)) AS sessions,
       toUInt32(uniqExact(agent)) AS agents, toUInt32(uniqExact(model)) AS models,
       toUInt32(uniqExact(feature)) AS features, toUInt32(max(calls)) AS longest
     FROM (SELECT *, count() OVER (PARTITION BY session) AS calls FROM llm_calls FINAL WHERE project_id = 'bench')`,
  );
  const known = sumNamedData(data, 0, Number.MAX_SAFE_INTEGER);
  expect(stored).toEqual({
    cost: `${known.costNanoUsd / 1_000_000_000n}.${String(known.costNanoUsd % 1_000_000_000n).padStart(9, "0")}`.replace(
      /0+$/,
      "",
    ),
    errors: known.errors,
    unpriced: known.unpriced,
    sessions: 2_000,
    agents: 60,
    models: 12,
    features: 41,
    longest: 10,
  });
});
