import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listCallsToCorrect } from "@/db/clickhouse/queries/list-calls-to-correct";
import { insertRevisions } from "@/db/clickhouse/queries/revise-calls";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { callsQuerySchema } from "@/lib/calls/call-schemas";
import { findCall } from "@/lib/calls/find-call";
import { listCalls } from "@/lib/calls/list-calls";
import { parseQuery, readQuery } from "@/lib/request-input";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { propertyRuns } from "@/lib/testing/property-runs";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
const START = Date.parse("2026-11-10T12:00:00Z");
const NOW = Date.parse("2026-11-22T00:00:00Z");
const RANGE = "from=2026-11-10T00:00:00Z&to=2026-11-12T00:00:00Z";

beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

const cost = fc.option(fc.constantFrom("0", "0.1", "0.25", "2", "10.000000000000001"));
const step = fc.oneof(
  fc.record({ do: fc.constant("send" as const), call: fc.nat(5), cost_usd: cost }),
  fc.record({
    do: fc.constant("correct" as const),
    call: fc.nat(5),
    cost_usd: cost,
    counted: fc.boolean(),
    cost_status: fc.constantFrom("priced", "partial"),
  }),
);

/** Everything that may be asked of a moment, as text. */
async function answersOf(project: { id: string; slug: string }, asOf: string) {
  const context = { clickhouse: store.clickhouse, projects: [project], nowMs: NOW };
  const address = (query: string) => readQuery(new URL(`http://x/?${RANGE}${asOf}&${query}`));
  const spend = (query: string) =>
    sumSpend(
      { ...context, freshness: null, organisationTimeZone: "UTC" },
      parseQuery(spendQuerySchema, address(query)),
    );
  const list = async (query: string) => {
    const asked = parseQuery(callsQuerySchema, address(query));
    return (await listCalls({ ...context, cursorSecret: "a secret" }, asked)).calls;
  };
  const answers = [
    await spend("group_by=cost_status"),
    await spend(
      "interval=hour&group_by=feature&limit=1&filter.cost_status=partial&figures=cost_usd",
    ),
    await list("sort=-cost_usd"),
    await list("limit=3&filter.cost_status=priced"),
  ];
  const ofNow = ["as_of", "first_event_at", "last_event_at"];
  return JSON.stringify(answers, (name, value) => (ofNow.includes(name) ? null : value));
}

async function correct(
  projectId: string,
  id: string,
  derived: { cost_usd: string | null; counted: boolean; cost_status: string },
  atUs: number,
) {
  const rows = await listCallsToCorrect(store.clickhouse, {
    projectIds: [projectId],
    fromUs: START * 1000,
    toUs: (START + 86_400_000) * 1000,
    filters: [{ dimension: "name", values: [id] }],
    callId: null,
    correctionId: `c-${atUs}`,
    after: { bucket: 0, id: "" },
    limit: 10,
  });
  const { cost_usd, counted, cost_status } = derived;
  const revisions = rows.map((call) => {
    const { list_cost_usd, cost_reason, price } = call;
    const all = { list_cost_usd, cost_reason, price, cost_usd, counted, cost_status };
    return { call, derived: all };
  });
  if (revisions.length === 0) return;
  await insertRevisions(store.clickhouse, revisions, {
    kind: "reprice",
    reason: "a test",
    author: "A test",
    correctionId: `c-${atUs}`,
    atUs,
  });
}

test("asked as of any moment in between, the answer is the one given then", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
      const project = { id: `as-of-${run}`, slug: `as-of-${run}` };
      run += 1;
      let nowMs = NOW - 3_600_000;
      const given: { at: string; answer: string }[] = [];
      for (const one of steps) {
        nowMs += 1000;
        const id = `call-${one.call}`;
        if (one.do === "correct") await correct(project.id, id, one, nowMs * 1000);
        else {
          const sent = {
            id,
            name: id,
            atMs: START + one.call * 1_800_000,
            cost_usd: one.cost_usd,
          };
          const arrival = { project_id: project.id, ingestedAtUs: nowMs * 1000 };
          const row = makeCallRow({ ...sent, ...arrival, feature: `f${one.call % 2}` });
          await store.clickhouse.insertLines("llm_calls", toLines([row]));
        }
        given.push({
          at: `&as_of=${new Date(nowMs + 500).toISOString()}`,
          answer: await answersOf(project, ""),
        });
      }
      for (const { at, answer } of given) expect(await answersOf(project, at)).toBe(answer);
    }),
    { numRuns: propertyRuns(6), endOnFailure: true },
  );
});

test("what does not count is shown with its states and adds up to nothing", async () => {
  const project = { id: "voided", slug: "voided" };
  const rows = ["a", "b"].map((id) =>
    makeCallRow({ id, name: id, atMs: START, project_id: project.id, cost_usd: "1.5" }),
  );
  await store.clickhouse.insertLines("llm_calls", toLines(rows));
  const derived = { cost_usd: "1.5", cost_status: "priced", counted: false };
  await correct(project.id, "a", derived, NOW * 1000);
  const answers = JSON.parse(await answersOf(project, ""));
  expect(answers[0].total).toMatchObject({ cost_usd: "1.5", calls: 1, input_tokens: 100 });
  expect(answers[2]).toMatchObject([
    { id: "a", counted: false },
    { id: "b", counted: true },
  ]);
  const context = { clickhouse: store.clickhouse, projects: [project] };
  expect((await findCall(context, "a", null)).revisions).toMatchObject([
    { revision: 0, kind: "received", counted: true, reason: null, author: null },
    { revision: 1, kind: "reprice", counted: false, reason: "a test", author: "A test" },
  ]);
});
