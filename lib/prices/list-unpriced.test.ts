import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LlmCallRow } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { createLog } from "@/lib/log";
import { listUnpriced } from "@/lib/prices/list-unpriced";
import { createPriceBook } from "@/lib/prices/price-book";
import { unpricedAnswerSchema, unpricedQuerySchema } from "@/lib/prices/unpriced-schemas";
import { parseQuery, readQuery } from "@/lib/request-input";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { propertyRuns } from "@/lib/testing/property-runs";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let projectNumber = 0;
const numbers = new GenerationNumbers();
const START = Date.parse("2026-11-09T00:00:00Z");
const NOW = Date.parse("2026-11-13T00:00:00Z");
const HOUR_MS = 3_600_000;

beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

const newProject = () => {
  projectNumber += 1;
  return { id: `unpriced-${projectNumber}`, slug: `slug-${projectNumber}` };
};
type Project = ReturnType<typeof newProject>;

async function send(project: Project, calls: readonly CallRowOptions[]) {
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: project.id }));
  await insertRows(rows);
  return rows;
}

let changes = 0;
/** As the readers of the spool do: rows, then the change of their buckets. */
async function insertRows(rows: readonly LlmCallRow[]): Promise<void> {
  if (rows.length === 0) return;
  await store.clickhouse.insertLines("llm_calls", toLines(rows));
  changes += 1;
  const touched = rows.map(({ project_id: projectId, bucket }) => ({ projectId, bucket }));
  await insertBucketChanges(store.clickhouse, touched, { writer: "1", number: changes });
}

/** Rolls up all that is stored by now. */
async function rollUp(): Promise<void> {
  await rebuildRollups({
    clickhouse: store.clickhouse,
    log: createLog("silent"),
    numbers,
    now: () => NOW,
    graceMs: 0,
    debounceMs: -HOUR_MS,
    mustStop: () => false,
  });
}

async function ask(
  projects: readonly Project[],
  query = "",
  prices = createPriceBook({ overrides: [] }),
) {
  const parsed = parseQuery(unpricedQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const context = { clickhouse: store.clickhouse, projects, prices, nowMs: NOW };
  return unpricedAnswerSchema.parse(await listUnpriced(context, parsed));
}

async function spendOf(projects: readonly Project[], query: string) {
  const parsed = parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const { total } = await sumSpend(
    {
      clickhouse: store.clickhouse,
      projects,
      freshness: null,
      nowMs: NOW,
      organisationTimeZone: "UTC",
    },
    parsed,
  );
  return total;
}

const COSTS = [
  { cost_status: "priced", cost_reason: "", cost_usd: "0.5" },
  { cost_status: "unpriced", cost_reason: "unknown_model", cost_usd: null },
  { cost_status: "unpriced", cost_reason: "no_usage", cost_usd: null, has_usage: false },
  { cost_status: "invalid_usage", cost_reason: "part_over_whole:reasoning_tokens", cost_usd: null },
  { cost_status: "partial", cost_reason: "no_price_for:output_audio", cost_usd: "0.25" },
] as const;

const call = fc.record({
  hour: fc.integer({ min: 0, max: 60 }),
  project: fc.integer({ min: 0, max: 1 }),
  provider: fc.constantFrom("openai", "vllm", ""),
  model: fc.constantFrom("gpt-4o", "own-model", ""),
  requested_model: fc.constantFrom("gpt-4o", "alias", ""),
  type: fc.constantFrom("llm" as const, "tool" as const),
  cost: fc.constantFrom(...COSTS),
  tokens: fc.integer({ min: 0, max: 1_000_000 }),
  counted: fc.constantFrom(true, true, true, false),
});

interface Brute {
  calls: number;
  unpriced: number;
  partial: number;
  input: number;
  reasons: Map<string, number>;
  first: number;
  last: number;
}

test("it says of every model what a count over the calls says, and of all what spend says", async () => {
  const question = fc.record({
    calls: fc.array(call, { minLength: 1, maxLength: 40 }),
    late: fc.array(call, { maxLength: 5 }),
    fromHour: fc.integer({ min: 0, max: 30 }),
    minutes: fc.integer({ min: 0, max: 59 }),
    hours: fc.integer({ min: 1, max: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(question, async ({ calls, late, fromHour, minutes, hours }) => {
      const projects = [newProject(), newProject()];
      const write = async (drawn: typeof calls) => {
        const rows = drawn.map(({ hour, project, cost, tokens, ...rest }, n) => ({
          project: projects[project],
          atMs: START + hour * HOUR_MS + n * 61_000,
          tokens,
          rest,
          cost,
        }));
        const made = [];
        for (const { project, atMs, tokens, rest, cost } of rows) {
          if (!project) throw new Error("no such project");
          made.push(
            makeCallRow({ ...rest, ...cost, atMs, project_id: project.id, input_tokens: tokens }),
          );
        }
        await insertRows(made);
        return made;
      };
      const rolled = await write(calls);
      await rollUp();
      // What comes after the rollups is read raw, beside them.
      const rows = [...rolled, ...(await write(late))];
      const fromMs = START + fromHour * HOUR_MS + minutes * 60_000;
      const toMs = fromMs + hours * HOUR_MS;
      const range = `from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`;
      const answer = await ask(projects, range);
      const expected = bruteCount(rows, projects, fromMs, toMs);
      expect(readAnswer(answer)).toEqual(expected);
      const total = await spendOf(projects, range);
      expect(answer).toMatchObject({
        unpriced_calls: total.unpriced_calls,
        partial_calls: total.partial_calls,
        models_count: expected.size,
      });
      const counts = answer.models.map(({ calls: count }) => count);
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
    }),
    { numRuns: propertyRuns(6) },
  );
}, 300_000);

function readAnswer({ models }: Awaited<ReturnType<typeof ask>>): Map<string, Brute> {
  return new Map(
    models.map((one) => [
      JSON.stringify([one.project, one.provider, one.model]),
      {
        calls: one.calls,
        unpriced: one.unpriced_calls,
        partial: one.partial_calls,
        input: one.usage.input_tokens,
        reasons: new Map(
          one.reasons
            .map((reason): [string, number] => [
              `${reason.cost_status} ${reason.cost_reason}`,
              reason.calls,
            ])
            .sort(),
        ),
        first: Date.parse(one.first_seen_at ?? ""),
        last: Date.parse(one.last_seen_at ?? ""),
      },
    ]),
  );
}

/** The same by hand: a row is `[project, provider, model]`, and a call that was voided is none. */
function bruteCount(
  rows: readonly LlmCallRow[],
  projects: readonly Project[],
  fromMs: number,
  toMs: number,
): Map<string, Brute> {
  const found = new Map<string, Brute>();
  for (const row of rows) {
    const atMs = Date.parse(`${String(row.ts).replace(" ", "T")}Z`);
    const isUnpriced = row.cost_usd === null;
    const isPartial = row.cost_status === "partial";
    const isCounted = (row as { counted?: boolean }).counted !== false;
    if (atMs < fromMs || atMs >= toMs || !(isUnpriced || isPartial) || !isCounted) continue;
    const slug = projects.find(({ id }) => id === row.project_id)?.slug;
    const key = JSON.stringify([slug, row.provider || null, row.model || null]);
    const known = found.get(key) ?? {
      calls: 0,
      unpriced: 0,
      partial: 0,
      input: 0,
      reasons: new Map<string, number>(),
      first: atMs,
      last: atMs,
    };
    const reason = `${row.cost_status} ${row.cost_reason}`;
    const reasons = new Map(known.reasons).set(reason, (known.reasons.get(reason) ?? 0) + 1);
    found.set(key, {
      calls: known.calls + 1,
      unpriced: known.unpriced + Number(isUnpriced),
      partial: known.partial + Number(isPartial),
      input: known.input + Number(row.input_tokens),
      reasons: new Map([...reasons].sort()),
      first: Math.min(known.first, atMs),
      last: Math.max(known.last, atMs),
    });
  }
  return found;
}

const UNPRICED = {
  atMs: START,
  provider: "vllm",
  model: "own-model",
  requested_model: "own-model",
  cost_usd: null,
  cost_status: "unpriced",
  cost_reason: "self_hosted_without_price",
} as const;

test("it names each project's own, other names that were asked for, and reaches no other project", async () => {
  const [one, two, foreign] = [newProject(), newProject(), newProject()];
  await send(one, [UNPRICED, { ...UNPRICED, requested_model: "alias" }]);
  await send(two, [{ ...UNPRICED, atMs: START + 1_500 }]);
  await send(foreign, [UNPRICED]);
  const { models } = await ask([one, two]);
  expect(models).toMatchObject([
    { project: one.slug, calls: 2, requested_models: ["alias"], matched: null },
    { project: two.slug, calls: 1, requested_models: [], first_seen_at: "2026-11-09T00:00:01.5Z" },
  ]);
  expect((await ask([])).models).toEqual([]);
});

test("a model that today's book knows is told apart: its calls only wait for a reprice", async () => {
  const project = newProject();
  await send(project, [UNPRICED]);
  const mapped = createPriceBook({
    overrides: [{ id: "o", provider: "vllm", model: "own-model", maps_to: "openai/gpt-4o" }],
  });
  const { models } = await ask([project], "", mapped);
  expect(models).toMatchObject([{ model: "own-model", matched: "openai/gpt-4o" }]);
});

test("a limit leaves models out, and none of the sums", async () => {
  const project = newProject();
  await send(project, [UNPRICED, UNPRICED, { ...UNPRICED, model: "other" }]);
  const answer = await ask([project], "limit=1");
  expect(answer).toMatchObject({ unpriced_calls: 3, models_count: 2 });
  expect(answer.models.map(({ model, calls }) => [model, calls])).toEqual([["own-model", 2]]);
});

test("where every call has its price, nothing is listed", async () => {
  const project = newProject();
  await send(project, [{ atMs: START }]);
  expect(await ask([project])).toMatchObject({ unpriced_calls: 0, models_count: 0, models: [] });
});

test("an empty range and an unknown parameter are refused by name", async () => {
  const refused = { code: "bad_request" };
  await expect(ask([], "from=2026-11-02T00:00:00Z&to=2026-11-02T00:00:00Z")).rejects.toMatchObject(
    refused,
  );
  await expect(ask([], "colour=red")).rejects.toMatchObject(refused);
  await expect(ask([], "limit=0")).rejects.toMatchObject(refused);
});
