import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareBuckets } from "@/components/charts/prepare-buckets";
import type { Scope } from "@/components/filters/scope";
import { listTopNames } from "@/components/spend/list-top-names";
import { isAdditive, METRIC_IDS, metricValue } from "@/components/spend/metric";
import { prepareChanges } from "@/components/spend/prepare-changes";
import { prepareLayers } from "@/components/spend/prepare-layers";
import { prepareLines } from "@/components/spend/prepare-lines";
import { prepareSpendChart } from "@/components/spend/prepare-spend";
import type { SpendAnswer } from "@/components/spend/spend-answer";
import {
  bucketsQuestion,
  groupsQuestion,
  listDimensions,
  type SpendQuestion,
  scopeAt,
  seriesQuestion,
} from "@/components/spend/spend-questions";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { resolveComparison } from "@/lib/comparison-range";
import { formatUsd } from "@/lib/money";
import { parseQuery, readQuery } from "@/lib/request-input";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { resolveRange } from "@/lib/time-range";

const ZONE = "Europe/Berlin";
const NOW = Date.parse("2026-11-05T10:40:00Z");
/** Two weeks to now hold the range and what it is compared with, and a clock change. */
const SPAN_MS = 14 * 86_400_000;

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let projectNumber = 0;
beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

const calls = fc.array(
  fc.record({
    agoMs: fc.integer({ min: 0, max: SPAN_MS }),
    cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 20n })),
    feature: fc.constantFrom("", ..."abcdefghi"),
    team: fc.constantFrom(undefined, "red", "blue"),
    tokens: fc.nat({ max: 1_000_000 }),
    isError: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);
const questions = fc.record({
  group: fc.constantFrom("feature", "metadata.team"),
  group2: fc.constantFrom(null, "status", "model"),
  metric: fc.constantFrom(...METRIC_IDS.filter(isAdditive)),
  interval: fc.constantFrom("hour" as const, "day" as const, "week" as const),
});

async function ask(slug: string, query: URLSearchParams): Promise<SpendAnswer> {
  query.delete("project");
  const parsed = parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const projects = [{ id: `id-${slug}`, slug }];
  const context = { clickhouse: store.clickhouse, projects, freshness: null, nowMs: NOW };
  return (await sumSpend({ ...context, organisationTimeZone: ZONE }, parsed)) as SpendAnswer;
}

const sum = (values: readonly (bigint | null)[]) =>
  values.reduce<bigint>((total, value) => total + (value ?? 0n), 0n);

test("table, chart and API tell one number to the last digit, and so do the changes", async () => {
  await fc.assert(
    fc.asyncProperty(
      calls,
      questions,
      fc.integer({ min: 1, max: 12 }),
      async (sent, rest, limit) => {
        projectNumber += 1;
        const slug = `p${projectNumber}`;
        const rows = sent.map(({ agoMs, cost, feature, team, tokens, isError }) =>
          makeCallRow({
            project_id: `id-${slug}`,
            atMs: NOW - agoMs,
            feature,
            cost_usd: cost === null ? null : formatUsd(cost),
            ...(cost === null ? { cost_status: "unpriced" as const } : {}),
            ...(team === undefined ? {} : { metadata: { team } }),
            input_tokens: tokens,
            status: isError ? "error" : "ok",
          }),
        );
        await store.clickhouse.insertLines("llm_calls", toLines(rows));

        const question: SpendQuestion = { ...rest, hasPercentiles: true, compare: null };
        const { metric } = question;
        const range = resolveRange({ range: "7d", from: null, to: null }, NOW, ZONE);
        const choice = { range: "7d" as const, from: null, to: null };
        const scope: Scope = {
          project: slug,
          timeZone: ZONE,
          choice,
          range,
          nowMs: NOW,
          filters: [],
        };
        const dimensions = listDimensions(question);
        const limited = (query: URLSearchParams) => {
          query.set("limit", String(limit));
          return query;
        };
        const groups = await ask(slug, limited(groupsQuestion(scope, [question.group])));
        const table = await ask(slug, limited(groupsQuestion(scope, dimensions)));
        const totals = await ask(slug, bucketsQuestion(scope, question));
        const topNames = listTopNames(groups.rows, question.group, metric);
        const series =
          topNames.length > 0 ? await ask(slug, seriesQuestion(scope, question, topNames)) : null;

        // The table: lines and rest are the footer, which is the card.
        const lines = prepareLines(table, { dimensions, metric }, topNames, () => null, null);
        const left = table.rest === null ? 0n : metricValue(table.rest, metric);
        const total = metricValue(table.total, metric) ?? 0n;
        expect(sum([...lines.map(({ value }) => value), left])).toBe(total);

        // The chart: every bucket's layers are its total, and the buckets are the card.
        const nameCount = groups.rows.length + (groups.rest === null ? 0 : 1);
        const model = prepareSpendChart({
          buckets: prepareBuckets(range, question.interval, ZONE, NOW),
          nowMs: NOW,
          group: question.group,
          metric,
          totalRows: totals.rows,
          receivedRows: totals.rows,
          seriesRows: series?.rows ?? [],
          topNames,
          nameCount,
          before: undefined,
        });
        expect(sum(model.slices.map((slice) => slice.total))).toBe(total);
        for (const slice of model.slices) expect(sum(slice.values)).toBe(slice.total ?? 0n);
        // The legend: the same again.
        const layers = prepareLayers(groups, question, topNames, nameCount, () => null);
        expect(sum(layers.map(({ value }) => value))).toBe(total);

        // Against the week before: the changes of lines and rest are the change of the card.
        const kind = { kind: "previous" as const, mustMatchWeekday: false };
        const earlier = resolveComparison(range, kind, NOW, ZONE)?.range ?? range;
        const before = await ask(slug, groupsQuestion(scopeAt(scope, earlier), dimensions));
        const changes = prepareChanges(table, before, dimensions, metric);
        const compared = prepareLines(table, { dimensions, metric }, topNames, () => null, changes);
        const isKnown = compared.every(({ change }) => change !== null) && changes.total !== null;
        if (!isKnown || (table.rest !== null && changes.rest === null)) return;
        expect(
          sum([
            ...compared.map(({ change }) => change?.difference ?? 0n),
            changes.rest?.difference ?? 0n,
          ]),
        ).toBe(changes.total?.difference);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);
