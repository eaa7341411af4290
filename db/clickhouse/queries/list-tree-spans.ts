import { z } from "zod";
import { whereCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const text = z.string();
const count = z.union([z.int(), z.string()]).transform(Number);

/**
 * What spans of some traces say of their place and of what they are, each as it came first; log records aside. Of the
 * facts only this is read: content hashes, tags and usage are the event's.
 * @returns at most `limit`
 */
export const listTreeSpans = defineQuery({
  name: "list-tree-spans",
  params: scopeParams.extend({
    traceIds: z.array(text),
    asOfUs: z.int(),
    limit: z.int().positive(),
  }),
  row: z.object({
    trace_id: text,
    span_id: text,
    parent: text,
    kind: z.enum(["llm", "agent", "tool", "step", "other"]),
    name: text,
    agent: text,
    session: text,
    started_us: count,
    /** 0: not known. */
    ended_us: count,
    status: z.enum(["ok", "error"]),
    error_type: text,
  }),
  sql: (asked) => {
    const where = whereCalls(asked);
    // The newest revision by hand: its key has the trace in it, so no index leaves one of a span's rows out.
    return {
      text: `SELECT trace_id, span_id, JSONExtractString(facts, 'parentSpanId') AS parent, kind,
          JSONExtractString(facts, 'name') AS name, JSONExtractString(facts, 'tags', 'agent') AS agent,
          JSONExtractString(facts, 'tags', 'session') AS session,
          JSONExtractInt(facts, 'startUs') AS started_us, JSONExtractInt(facts, 'endUs') AS ended_us,
          JSONExtractString(facts, 'status') AS status, JSONExtractString(facts, 'errorType') AS error_type
        FROM (SELECT trace_id, span_id, bucket, kind, facts, version FROM trace_spans
          WHERE ${where.text} AND trace_id IN {traceIds:Array(String)} AND NOT startsWith(span_id, 'log:')
            AND ingested_at <= fromUnixTimestamp64Micro({asOfUs:Int64}, 'UTC')
          ORDER BY version DESC LIMIT 1 BY bucket, trace_id, span_id)
        ORDER BY started_us, trace_id, span_id LIMIT {limit:UInt32}`,
      values: {
        ...where.values,
        traceIds: asked.traceIds,
        asOfUs: asked.asOfUs,
        limit: asked.limit,
      },
    };
  },
});
export type TreeSpanRow = Awaited<ReturnType<typeof listTreeSpans>>[number];
