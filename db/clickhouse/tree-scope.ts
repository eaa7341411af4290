import { z } from "zod";
import { joinParts } from "@/db/clickhouse/filters";
import { type Scope, type SqlPart, scopeParams } from "@/db/clickhouse/query";

/**
 * Whose calls a tree is of: those of a session; of a trace that is its own session, so those without one; of a trace,
 * whatever their session.
 */
export const treeSubject = z.object({
  kind: z.enum(["session", "sessionless_trace", "trace"]),
  id: z.string(),
});
export type TreeSubject = z.infer<typeof treeSubject>;

/** Parameters of a question about the calls of one tree. */
export const treeParams = scopeParams.extend({
  subject: treeSubject,
  /** Starts of the buckets that its calls may be in, in seconds since 1970: see `findTreeBuckets`. */
  buckets: z.array(z.int().nonnegative()),
  /** Only what had arrived by then, in microseconds since 1970. */
  asOfUs: z.int(),
});

/** The filters that leave the calls of a tree. */
export function treeFilters({ kind, id }: TreeSubject): { dimension: string; values: string[] }[] {
  if (kind === "session") return [{ dimension: "session", values: [id] }];
  const ofTrace = { dimension: "trace_id", values: [id] };
  return kind === "trace" ? [ofTrace] : [ofTrace, { dimension: "session", values: [""] }];
}

/** The asked projects and buckets: what the table is sorted by. */
export function withinBuckets({
  projectIds,
  buckets,
}: Pick<Scope, "projectIds"> & { buckets: readonly number[] }): SqlPart {
  const ends = { first: Math.min(...buckets), last: Math.max(...buckets) };
  return joinParts(
    [
      { text: "project_id IN {projectIds:Array(String)}", values: { projectIds } },
      {
        text: "bucket >= toDateTime({firstBucket:UInt32}, 'UTC') AND bucket <= toDateTime({lastBucket:UInt32}, 'UTC')",
        values: { firstBucket: ends.first, lastBucket: ends.last },
      },
      {
        text: "bucket IN (SELECT toDateTime(arrayJoin({buckets:Array(UInt32)}), 'UTC'))",
        values: { buckets: [...buckets] },
      },
    ],
    " AND ",
  );
}
