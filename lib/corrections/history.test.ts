import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { type CorrectionRow, insertCorrection } from "@/db/queries/corrections";
import type { CallAnswer } from "@/lib/calls/call-schemas";
import { callsQuerySchema } from "@/lib/calls/call-schemas";
import { listCalls } from "@/lib/calls/list-calls";
import { ID_FILTER } from "@/lib/corrections/read-correction-page";
import { runCorrection } from "@/lib/corrections/run-correction";
import {
  openTestCorrections,
  type TestCorrections,
} from "@/lib/corrections/testing/open-test-corrections";
import { createPriceBook } from "@/lib/prices/price-book";
import { parseQuery, readQuery } from "@/lib/request-input";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { propertyRuns } from "@/lib/testing/property-runs";

let kit: TestCorrections;
const numbers = new GenerationNumbers();
const START = Date.parse("2026-11-10T12:00:00Z");
const NOW = Date.parse("2026-11-22T00:00:00Z");
const RANGE = "from=2026-11-10T00:00:00Z&to=2026-11-12T00:00:00Z";
const RATES = ["1", "2.5", "0.333333333"];

beforeAll(async () => {
  kit = await openTestCorrections();
  await kit.job.close();
});
afterAll(() => kit.close());

type Project = Awaited<ReturnType<TestCorrections["makeProject"]>>;
const CALLS = 5;
const of = fc.nat(CALLS - 1);
const step = fc.oneof(
  fc.record({ do: fc.constant("send" as const), calls: fc.uniqueArray(of, { minLength: 1 }) }),
  fc.record({
    do: fc.constant("reprice" as const),
    rate: fc.nat(RATES.length - 1),
    filter: fc.constantFrom("none", "feature", "status"),
  }),
  fc.record({ do: fc.constantFrom("void" as const, "restore" as const), call: of }),
  fc.record({ do: fc.constant("erase" as const), user: fc.constantFrom("ann", "bob") }),
  fc.record({ do: fc.constant("rebuild" as const) }),
);

/** The event of a number: the same whenever it is sent. */
function eventOf(n: number): CallRowOptions {
  return {
    id: `call-${n}`,
    atMs: START + n * 800_000,
    provider: "vllm",
    model: "m",
    feature: `f${n % 2}`,
    user: n % 2 ? "ann" : "bob",
    session: `s${n % 3}`,
    metadata: { owner: n % 2 ? "ann" : "bob" },
    cost_usd: n === 0 ? null : "0.5",
    list_cost_usd: n === 0 ? null : "0.5",
    cost_status: n === 0 ? "unpriced" : "priced",
    duration_ms: 100 + n,
  };
}

function pricesOf(rate: string) {
  const override = { id: "o", provider: "vllm", model: "m", input_per_mtok: rate };
  const book = createPriceBook({ overrides: [{ ...override, output_per_mtok: rate }] });
  return { priceCall: book.priceCall.bind(book) };
}

async function insert(project: Project, calls: readonly CallRowOptions[], change: number) {
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: project.id }));
  await kit.clickhouse.insertLines("llm_calls", toLines(rows));
  const buckets = [...new Set(calls.map(({ atMs }) => toBucket(atMs * 1000)))];
  const touched = buckets.map((bucket) => ({ projectId: project.id, bucket }));
  await insertBucketChanges(kit.clickhouse, touched, { writer: "7", number: change });
}

async function correct(
  project: Project,
  asked: { kind: CorrectionRow["kind"]; filters: object[] },
) {
  const { id } = await insertCorrection(kit.db, {
    ...asked,
    projectIds: [project.id],
    fromUs: START * 1000,
    toUs: (START + 86_400_000) * 1000,
    reason: "a test",
    authorType: "system",
    authorId: "test",
    authorName: "A test",
  });
  return id;
}

const rebuild = () =>
  rebuildRollups({
    clickhouse: kit.clickhouse,
    log: kit.runtime.log,
    numbers,
    now: () => NOW,
    graceMs: 0,
    debounceMs: 0,
    mustStop: () => false,
  });

/** What every view says, but for what tells one project or arrival from another. */
async function viewsOf(project: Project) {
  const context = { clickhouse: kit.clickhouse, projects: [project], nowMs: NOW };
  const address = (query: string) => readQuery(new URL(`http://x/?${RANGE}&${query}`));
  const spend = async (query: string) => {
    const asked = parseQuery(spendQuerySchema, address(query));
    const where = { ...context, freshness: null, organisationTimeZone: "UTC" };
    const { total, rows, rest } = await sumSpend(where, asked);
    return { total, rows, rest };
  };
  const list = parseQuery(callsQuerySchema, address("sort=-cost_usd"));
  const { calls } = await listCalls({ ...context, cursorSecret: "a secret" }, list);
  return JSON.stringify({
    spend: [
      await spend("group_by=feature&interval=15m"),
      await spend("group_by=model,provider"),
      await spend("group_by=user,session"),
      await spend("group_by=cost_status,metadata.owner"),
    ],
    calls: calls.map((call) => ({ ...call, project: null, ingested_at: null })),
  });
}

/** The final states of a history, sent as if they had come that way. */
async function buildAfresh(calls: readonly CallAnswer[]) {
  const project = await kit.makeProject();
  const rows = calls.map((call) => {
    const n = Number(call.id.slice(5));
    const { cost_usd, list_cost_usd, cost_status, counted, metadata } = call;
    const names = { user: call.user ?? "", session: call.session ?? "", metadata };
    return { ...eventOf(n), cost_usd, list_cost_usd, cost_status, counted, ...names };
  });
  if (rows.length > 0) await insert(project, rows, 1);
  return project;
}

test("a repriced, voided, erased and replayed history equals one built afresh", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), async (steps) => {
      const project = await kit.makeProject();
      let change = 0;
      for (const one of steps) {
        if (one.do === "send") {
          change += 1;
          await insert(project, one.calls.map(eventOf), change);
        } else if (one.do === "rebuild") await rebuild();
        else if (one.do === "reprice") {
          const by = { feature: "feature", status: "cost_status" }[one.filter as "feature"];
          const values = one.filter === "feature" ? ["f1"] : ["unpriced"];
          const filters = by ? [{ dimension: by, values }] : [];
          const id = await correct(project, { kind: "reprice", filters });
          const prices = pricesOf(RATES[one.rate] ?? "1");
          await runCorrection({ ...kit.runtime, prices }, id);
        } else {
          const filter =
            one.do === "erase"
              ? { dimension: "user", values: [one.user] }
              : { dimension: ID_FILTER, values: [`call-${one.call}`] };
          await runCorrection(
            kit.runtime,
            await correct(project, { kind: one.do, filters: [filter] }),
          );
        }
      }
      const answers = await viewsOf(project);
      const calls: CallAnswer[] = JSON.parse(answers).calls;
      expect(await viewsOf(await buildAfresh(calls))).toBe(answers);
      // Every event once more, and every rollup anew: not a digit moves.
      await insert(project, calls.map(({ id }) => eventOf(Number(id.slice(5)))).reverse(), 1e6);
      expect(await viewsOf(project)).toBe(answers);
      await rebuild();
      expect(await viewsOf(project)).toBe(answers);
    }),
    { numRuns: propertyRuns(5), endOnFailure: true },
  );
});
