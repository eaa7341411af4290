import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { whereCalls } from "@/db/clickhouse/filters";
import { defineQuery, type Scope, scopeParams } from "@/db/clickhouse/query";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

/** Which traces, and which log records that stand in none, by their `log:…`. */
const tracesParams = scopeParams.extend({
  traceIds: z.array(z.string()),
  logIds: z.array(z.string()),
});

/** The spans of these traces; `trace_spans` has the same columns for project and time as the calls. */
function whereSpans({
  traceIds,
  logIds,
  ...scope
}: Scope & { traceIds: string[]; logIds: string[] }) {
  const { text, values } = whereCalls(scope);
  return {
    text: `${text} AND (trace_id IN {traceIds:Array(String)}
      OR (trace_id = '' AND span_id IN {logIds:Array(String)}))`,
    values: { ...values, traceIds, logIds },
  };
}

/** How many spans each of some traces has; `trace_id` is "" for log records of none. */
export const countTraceSpans = defineQuery({
  name: "count-trace-spans",
  params: tracesParams,
  row: z.object({ trace_id: z.string(), spans: z.string().transform(Number) }),
  sql: (asked) => {
    const { text, values } = whereSpans(asked);
    return {
      text: `SELECT trace_id, count() AS spans FROM trace_spans WHERE ${text} GROUP BY trace_id`,
      values,
    };
  },
});

/** What the spans of some traces say, each span once. */
export const listTraceSpans = defineQuery({
  name: "list-trace-spans",
  params: tracesParams,
  row: z.object({ facts: z.string() }),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const { text, values } = whereSpans(asked);
    return { text: `SELECT facts FROM trace_spans FINAL WHERE ${text}`, values };
  },
});

/**
 * Traces, and log records of none, in which a call may stand once more: by any of its keys. There are some thousand: looked
 * up in a set, of few minutes; `hasAny` compares each with each, and took nine tenths of linking.
 */
export const listTwinTraces = defineQuery({
  name: "list-twin-traces",
  params: scopeParams.extend({ keys: z.array(z.string()), limit: z.int().positive() }),
  row: z.object({ trace_id: z.string(), log_id: z.string() }),
  sql: ({ keys, limit, ...scope }) => {
    const { text, values } = whereCalls(scope);
    return {
      text: `SELECT DISTINCT trace_id, if(trace_id = '', span_id, '') AS log_id FROM trace_spans
ARRAY JOIN twin_keys AS key
WHERE ${text} AND key IN {keys:Array(String)}
ORDER BY trace_id, log_id LIMIT {limit:UInt32}`,
      values: { ...values, keys, limit },
    };
  },
});

const projectRows = z.array(z.object({ project_id: z.string() }));

/** Projects that ever sent a span. @throws QueryFailedError, MalformedRowError */
export async function listTracedProjects(clickhouse: ClickHouse): Promise<string[]> {
  const rows = await clickhouse.query("SELECT DISTINCT project_id FROM trace_spans");
  const parsed = projectRows.safeParse(rows);
  if (!parsed.success) throw new MalformedRowError("list-traced-projects", parsed.error);
  return parsed.data.map(({ project_id }) => project_id);
}
