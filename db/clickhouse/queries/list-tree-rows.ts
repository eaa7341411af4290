import { z } from "zod";
import { fromCalls } from "@/db/clickhouse/filters";
import { defineQuery } from "@/db/clickhouse/query";
import { treeFilters, treeParams, withinBuckets } from "@/db/clickhouse/tree-scope";

const text = z.string();
const count = z.union([z.int(), z.string().regex(/^\d+$/)]).transform(Number);

const STORED =
  "project_id bucket id ts type name agent provider model requested_model task session trace_id span_id parent_span_id has_usage input_tokens cache_read_tokens cache_write_5m_tokens cache_write_1h_tokens output_tokens reasoning_tokens cost_usd cost_status cost_reason price status error_type attempt duration_ms time_to_first_token_ms prompt_hash counted linked_id".split(
    " ",
  );

/** Lines of a price that tell what a cache saved: class, units, and dollars for a million. */
const RATES = `arrayMap(line -> (JSONExtractString(line, 'class'), JSONExtractString(line, 'units'),
    JSONExtractString(line, 'usd_per_unit')),
  arrayFilter(line -> JSONExtractString(line, 'class')
    IN ('input', 'cache_read', 'cache_write_5m', 'cache_write_1h'), JSONExtractArrayRaw(price, 'lines')))`;

/**
 * A tree's events, counted or not, the earliest first.
 * @returns at most `limit`
 */
export const listTreeRows = defineQuery({
  name: "list-tree-rows",
  params: treeParams.extend({ limit: z.int().positive() }),
  row: z.object({
    id: text,
    started_us: count,
    type: z.enum(["llm", "tool", "agent", "step", "guard"]),
    name: text,
    agent: text,
    provider: text,
    model: text,
    requested_model: text,
    task: text,
    trace_id: text,
    span_id: text,
    parent_span_id: text,
    has_usage: z.boolean(),
    input_tokens: count,
    cache_read_tokens: count,
    cache_write_tokens: count,
    output_tokens: count,
    reasoning_tokens: count,
    cost: text.nullable(),
    cost_status: text,
    cost_reason: text,
    rates: z.array(z.tuple([text, text, text])),
    status: z.enum(["ok", "error"]),
    error_type: text,
    attempt: z.int(),
    duration_ms: z.number().nullable(),
    time_to_first_token_ms: z.number().nullable(),
    prompt_hash: text,
    counted: z.boolean(),
    linked_id: text,
  }),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const filters = treeFilters(asked.subject);
    const from = fromCalls(
      { ...asked, filters },
      { isCounted: false, within: withinBuckets(asked), columns: STORED },
    );
    return {
      text: `SELECT id, toUnixTimestamp64Micro(ts) AS started_us, type, name, agent, provider, model,
          requested_model, task, trace_id, span_id, parent_span_id, has_usage, input_tokens, cache_read_tokens,
          toUInt128(cache_write_5m_tokens) + cache_write_1h_tokens AS cache_write_tokens, output_tokens,
          reasoning_tokens, toString(cost_usd) AS cost, cost_status, cost_reason, ${RATES} AS rates, status,
          error_type, attempt, duration_ms, time_to_first_token_ms, prompt_hash, counted, linked_id
        FROM ${from.text} ORDER BY ts, id LIMIT {limit:UInt32}`,
      values: { ...from.values, limit: asked.limit },
    };
  },
});
export type TreeRow = Awaited<ReturnType<typeof listTreeRows>>[number];
