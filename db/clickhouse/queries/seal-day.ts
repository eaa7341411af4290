import { z } from "zod";
import { bucketStatesSql, currentFlipsSql, generationFloor } from "@/db/clickhouse/bucket-states";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN } from "@/db/clickhouse/cubes";
import { coveredSql, ID_HASH, isSealedSql } from "@/db/clickhouse/sealed-buckets";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

/** Deleting rewrites parts of the table: in the background, with the patience of one. */
const REWRITE = { mutations_sync: 1, allow_nondeterministic_mutations: 1 } as const;
const WRITE = { max_threads: 1, max_execution_time: 240 } as const;

const dayRows = z.array(z.object({ start: z.int() }));
const number = z.string().transform(BigInt);
const stateRows = z.array(
  z.object({
    start: z.int(),
    latest: number,
    covered: number,
    generation: number,
    is_sealed: z.boolean(),
  }),
);
/** A bucket of a day: its change, and what its current generation covers (0 and 0: there is none). */
export type BucketState = z.output<typeof stateRows>[number];

/** A UTC day of a project: its start in seconds since 1970. */
export interface ProjectDay {
  projectId: string;
  dayStart: number;
}

/**
 * Days of a project before an instant that have calls and are not sealed, oldest first.
 * @throws QueryFailedError, MalformedRowError
 */
export async function listDaysToSeal(
  clickhouse: ClickHouse,
  asked: { projectId: string; beforeSeconds: number; limit: number },
): Promise<number[]> {
  const where = "project_id = {projectId:String} AND bucket < toDateTime({before:UInt32}, 'UTC')";
  const rows = await clickhouse.query(
    `SELECT toUInt32(bucket) AS start FROM (
       SELECT DISTINCT project_id, toStartOfDay(changed) AS bucket
       FROM (SELECT project_id, bucket AS changed FROM bucket_changes WHERE ${where})) AS days
     LEFT JOIN (${currentFlipsSql(DAY_GRAIN, where)}) AS flips USING (project_id, bucket)
     WHERE NOT ${isSealedSql("flip")}
     ORDER BY start LIMIT {limit:UInt32}`,
    { projectId: asked.projectId, before: asked.beforeSeconds, limit: asked.limit },
  );
  return read("list-days-to-seal", dayRows, rows).map(({ start }) => start);
}

/** The day's buckets that ever had calls, ascending. @throws QueryFailedError, MalformedRowError */
export async function listBucketStates(
  clickhouse: ClickHouse,
  day: ProjectDay,
): Promise<BucketState[]> {
  const { text, values } = ofDay(day);
  const rows = await clickhouse.query(
    `SELECT toUInt32(bucket) AS start, latest, ${coveredSql("flip")} AS covered, flip.2 AS generation,
       toBool(${isSealedSql("flip")}) AS is_sealed
     FROM (${bucketStatesSql(text)}) ORDER BY start`,
    values,
  );
  return read("list-bucket-states", stateRows, rows);
}

/** Writes the identities of these buckets' calls, those that do not count too: they may come again. */
export async function insertSealedCalls(
  clickhouse: ClickHouse,
  asked: { projectId: string; starts: readonly number[] },
): Promise<void> {
  await clickhouse.command(
    `INSERT INTO sealed_calls (project_id, bucket, id_hash)
     SELECT project_id, bucket, ${ID_HASH} FROM llm_calls FINAL
     WHERE project_id = {projectId:String}
       AND bucket IN (SELECT toDateTime(arrayJoin({starts:Array(UInt32)}), 'UTC'))`,
    asked,
    WRITE,
  );
}

/**
 * Days sealed before an instant whose calls are still there, oldest first.
 * @throws QueryFailedError, MalformedRowError
 */
export async function listSealedDaysWithCalls(
  clickhouse: ClickHouse,
  asked: { projectId: string; sealedByMs: number },
): Promise<number[]> {
  const rows = await clickhouse.query(
    `SELECT toUInt32(bucket) AS start FROM (
       SELECT project_id, bucket FROM (${currentFlipsSql(DAY_GRAIN, "project_id = {projectId:String}")})
       WHERE ${isSealedSql("flip")} AND flip.2 < {floor:UInt64})
     WHERE bucket IN (SELECT DISTINCT toStartOfDay(bucket) FROM llm_calls
       WHERE project_id = {projectId:String} AND ${HAS_DETAIL})
     ORDER BY start`,
    { projectId: asked.projectId, floor: generationFloor(asked.sealedByMs) },
  );
  return read("list-sealed-days-with-calls", dayRows, rows).map(({ start }) => start);
}

/** What tells a late call whose detail is still there from one that is only a sum's correction. */
const DETAIL = [
  "user",
  "session",
  "task",
  "trace_id",
  "span_id",
  "parent_span_id",
  "reservation_id",
  "prompt_hash",
  "raw_usage",
  "price",
  "name",
  "provider_account",
  "response_id",
] as const;
const HAS_DETAIL = `((bucket, ${ID_HASH}) IN (SELECT bucket, id_hash FROM sealed_calls WHERE project_id = {projectId:String})
         OR length(metadata) > 0 OR length(sent_tags) > 0 OR length(prefix_hashes) > 0 OR ${DETAIL.map((c) => `${c} != ''`).join(" OR ")})`;

/**
 * Deletes the calls of a sealed day that its sums contain, and takes the detail off those that came late. Resolves when
 * it is gone from disk. @throws QueryFailedError
 */
export async function deleteSealedCalls(clickhouse: ClickHouse, day: ProjectDay): Promise<void> {
  const { text, values } = ofDay(day);
  const known = `(bucket, ${ID_HASH}) IN (SELECT bucket, id_hash FROM sealed_calls WHERE ${text})`;
  await clickhouse.command(
    `ALTER TABLE llm_calls DELETE WHERE ${text} AND ${known}`,
    values,
    REWRITE,
  );
  const blank = DETAIL.map((column) => `${column} = ''`).join(", ");
  await clickhouse.command(
    `ALTER TABLE llm_calls UPDATE ${blank}, metadata = map(), sent_tags = map(), prefix_hashes = [] WHERE ${text}`,
    values,
    REWRITE,
  );
}

function ofDay({ projectId, dayStart }: ProjectDay) {
  return {
    text: `project_id = {projectId:String} AND bucket >= toDateTime({dayStart:UInt32}, 'UTC')
      AND bucket < toDateTime({dayEnd:UInt32}, 'UTC')`,
    values: { projectId, dayStart, dayEnd: dayStart + DAY_GRAIN },
  };
}

function read<Rows>(name: string, schema: z.ZodType<Rows>, rows: unknown[]): Rows {
  const parsed = schema.safeParse(rows);
  if (!parsed.success) throw new MalformedRowError(name, parsed.error);
  return parsed.data;
}
