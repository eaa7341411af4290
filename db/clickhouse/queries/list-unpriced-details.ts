import { z } from "zod";
import { fromCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const count = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/)]).transform(Number);

/** Fields of `usage` that are columns; their sums are only of calls that lack a price. */
export const USAGE_COLUMNS = [
  "input_tokens",
  "cache_read_tokens",
  "cache_write_5m_tokens",
  "cache_write_1h_tokens",
  "input_audio_tokens",
  "output_tokens",
  "reasoning_tokens",
  "output_audio_tokens",
  "web_searches",
] as const;

const usage = z.object(
  Object.fromEntries(USAGE_COLUMNS.map((name) => [name, count])) as Record<
    (typeof USAGE_COLUMNS)[number],
    typeof count
  >,
);

/** A sender may make reasons up (names of `units`), and asked names too: a few of each say enough. */
const SHOWN_REASONS = 8;
const SHOWN_NAMES = 5;

/**
 * What no rollup knows of the calls that lack a price: why, how much was used, when. Of these models only, in the part
 * of the range where rollups say that such calls are.
 */
export const listUnpricedDetails = defineQuery({
  name: "list-unpriced-details",
  params: scopeParams.extend({ providers: z.array(z.string()), models: z.array(z.string()) }),
  row: z.object({
    project_id: z.string(),
    provider: z.string(),
    model: z.string(),
    calls: count,
    reasons: z.array(z.tuple([count, z.string(), z.string()])),
    requested_models: z.array(z.string()),
    usage,
    gpu_seconds: z.string(),
    /** UTC, `2026-11-21 10:00:00.123456`. */
    first_at: z.string(),
    last_at: z.string(),
  }),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: ({ providers, models, ...scope }) => {
    const filters = [
      { dimension: "provider", values: providers },
      { dimension: "model", values: models },
    ];
    const calls = fromCalls({ ...scope, filters }, { isCounted: true });
    const sums = USAGE_COLUMNS.map((name) => `sum(toUInt128(${name})) AS s_${name}`).join(", ");
    const totals = USAGE_COLUMNS.map((name) => `toString(sum(s_${name}))`).join(", ");
    const names = USAGE_COLUMNS.map((name) => `'${name}'`).join(", ");
    const text = `
SELECT project_id, provider, model, toString(sum(n)) AS calls,
  arraySlice(arraySort(reason -> (-toInt64(reason.1), reason.2, reason.3),
    groupArray((n, toString(cost_status), toString(cost_reason)))), 1, ${SHOWN_REASONS}) AS reasons,
  arraySort(groupUniqArrayArray(${SHOWN_NAMES})(names)) AS requested_models,
  mapFromArrays([${names}], [${totals}]) AS usage, toString(sum(gpu)) AS gpu_seconds,
  toString(min(first)) AS first_at, toString(max(last)) AS last_at
FROM (
  SELECT project_id, provider, model, cost_status, cost_reason, count() AS n,
    groupUniqArrayIf(${SHOWN_NAMES})(toString(requested_model), requested_model NOT IN ('', model)) AS names,
    ${sums}, sum(gpu_seconds) AS gpu, min(ts) AS first, max(ts) AS last
  FROM ${calls.text} AND (isNull(cost_usd) OR cost_status = 'partial')
  GROUP BY project_id, provider, model, cost_status, cost_reason)
GROUP BY project_id, provider, model`;
    return { text, values: calls.values };
  },
});
