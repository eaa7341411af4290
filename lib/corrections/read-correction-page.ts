import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { type Filter, filterParam } from "@/db/clickhouse/filters";
import { BUCKET_SECONDS, toBucket } from "@/db/clickhouse/llm-call-row";
import { listCallsToCorrect } from "@/db/clickhouse/queries/list-calls-to-correct";
import type { StoredCall } from "@/db/clickhouse/queries/revise-calls";
import type { CorrectionRow } from "@/db/queries/corrections";

/** Project, bucket (seconds since 1970) and id of the last call looked at, in the table's order. */
export const positionSchema = z.tuple([z.string(), z.int(), z.string()]);
export type Position = z.output<typeof positionSchema>;

/** The one dimension a correction has that no question has: the call's own id. */
export const ID_FILTER = "id";

/** Calls a batch looks at: enough that its four round trips weigh little, few enough to be memory for a moment. */
const BATCH_CALLS = 2_500;
const FIRST_WINDOW = 4 * BUCKET_SECONDS;
const WINDOW_GROWTH = 8;

/** What a correction reaches. */
export interface Reach {
  correctionId: string;
  projectIds: readonly string[];
  fromUs: number;
  toUs: number;
  /** null: only calls that this correction changed already. */
  filters: readonly Filter[] | null;
  callId: string | null;
  /** So few calls that the whole range is looked at at once. */
  isSmall: boolean;
}

/** What a stored correction reaches; one that was stopped only what it had begun. */
export function reachOf(row: CorrectionRow): Reach {
  const filters = listFilters(row);
  const isStopped = row.state === "cancelled" || row.state === "failed";
  return {
    correctionId: row.id,
    projectIds: [...row.projectIds].sort(),
    fromUs: row.fromUs,
    toUs: row.toUs,
    filters: isStopped ? null : filters.filter(({ dimension }) => dimension !== ID_FILTER),
    isSmall: isStopped || (row.callsTotal !== null && row.callsTotal <= BATCH_CALLS),
    callId: filters.find(({ dimension }) => dimension === ID_FILTER)?.values[0] ?? null,
  };
}

/** The filters of a stored correction; a call's own id is one of them, under `ID_FILTER`. */
export function listFilters(row: CorrectionRow): Filter[] {
  return filtersSchema.parse(row.filters);
}

/** Whom an erasure erases; null for any other correction, and once it is done. */
export function erasedName(
  row: CorrectionRow,
): { column: "user" | "session"; name: string } | null {
  const [filter] = listFilters(row);
  const name = filter?.values[0];
  if (row.kind !== "erase" || name === undefined) return null;
  return { column: filter?.dimension === "session" ? "session" : "user", name };
}

const filtersSchema = z.array(
  z.union([
    z.object({ dimension: z.literal(ID_FILTER), values: z.array(z.string()) }),
    filterParam,
  ]),
);

/**
 * The next calls that a correction reaches, in the table's order, behind a position. Ranges grow where calls are
 * rare, so that neither a busy quarter of an hour nor an empty year is read in vain.
 * @returns the calls, all of one project, and where the next page begins; null: this was the last one.
 */
export async function readCorrectionPage(
  clickhouse: ClickHouse,
  reach: Reach,
  position: Position | null,
  limit = BATCH_CALLS,
): Promise<{ calls: StoredCall[]; next: Position | null }> {
  const firstBucket = toBucket(reach.fromUs);
  const endBucket = toBucket(reach.toUs - 1) + BUCKET_SECONDS;
  const startAt = position?.[0] ?? "";
  for (const projectId of reach.projectIds.filter((id) => id >= startAt)) {
    let after =
      position?.[0] === projectId
        ? { bucket: Math.max(position[1], firstBucket), id: position[2] }
        : { bucket: firstBucket, id: "" };
    const first = reach.isSmall ? endBucket - firstBucket : FIRST_WINDOW;
    for (let window = first; after.bucket < endBucket; window *= WINDOW_GROWTH) {
      const windowEnd = Math.min(endBucket, after.bucket + window);
      const calls = await listCallsToCorrect(clickhouse, {
        projectIds: [projectId],
        fromUs: Math.max(reach.fromUs, after.bucket * 1e6),
        toUs: Math.min(reach.toUs, windowEnd * 1e6),
        filters: reach.filters && [...reach.filters],
        callId: reach.callId,
        correctionId: reach.correctionId,
        after,
        limit,
      });
      const last = calls.at(-1);
      // A full page ends with its last call; any other has seen its whole window.
      if (last && calls.length === limit) {
        return { calls, next: [projectId, bucketOf(last), last.id] };
      }
      if (calls.length > 0) return { calls, next: [projectId, windowEnd, ""] };
      after = { bucket: windowEnd, id: "" };
    }
  }
  return { calls: [], next: null };
}

/** Start of a stored call's bucket, seconds since 1970. */
export function bucketOf(call: StoredCall): number {
  return Date.parse(`${call.bucket.replace(" ", "T")}Z`) / 1000;
}
