import type { ClickHouse } from "@/db/clickhouse/client";
import {
  BUCKET_GRAIN,
  CUBE_NAMES,
  cubeOfSet,
  cubeSets,
  DAY_GRAIN,
  type Grain,
  isBlock,
  ROLLED_DIMENSIONS,
} from "@/db/clickhouse/cubes";
import {
  MEASURE_NAMES,
  measureColumns,
  restoredMeasures,
  storedMeasures,
} from "@/db/clickhouse/measures";
import { ID_HASH } from "@/db/clickhouse/sealed-buckets";

/** In the background: one thread, and more patience than a page has. Sums spill to disk past 100 MB. */
export const REBUILD_SETTINGS = {
  max_threads: 1,
  max_execution_time: 240,
  max_bytes_before_external_group_by: 100_000_000,
  do_not_merge_across_partitions_select_final: 1,
} as const;

const DIMENSIONS = ROLLED_DIMENSIONS.join(", ");
const INTO = `INSERT INTO calls_rollup
  (project_id, grain, cube, bucket, generation, ${DIMENSIONS}, ${measureColumns(MEASURE_NAMES)})`;

/** One generation of several rollups of one grain of a project and month: number `first + i` is of `starts[i]`. */
export interface Generation {
  projectId: string;
  /** Seconds since 1970, ascending. */
  starts: readonly number[];
  first: bigint;
  /** Only calls whose identities are kept for good, and nothing by person. */
  isSealing?: boolean;
}

/** Sums the de-duplicated calls of these buckets. Nobody reads the rows before the flip. @throws QueryFailedError */
export async function rebuildBuckets(clickhouse: ClickHouse, asked: Generation): Promise<void> {
  await clickhouse.command(
    `${INTO}
SELECT {projectId:String}, ${BUCKET_GRAIN}, ${cubeOfSet()}, bucket, ${generationOf("bucket")}, ${DIMENSIONS},
  ${storedMeasures(MEASURE_NAMES)}
FROM llm_calls FINAL
WHERE project_id = {projectId:String}
  AND bucket IN (SELECT toDateTime(arrayJoin({starts:Array(UInt32)}), 'UTC')) AND counted
  ${asked.isSealing ? SEALED_ONLY : ""}
GROUP BY GROUPING SETS (${cubeSets("bucket")})`,
    valuesOf(asked),
    REBUILD_SETTINGS,
  );
}

/** Calls that came after the identities were written are not in the sums: they are counted beside them. */
const SEALED_ONLY = `AND (bucket, ${ID_HASH}) IN (SELECT bucket, id_hash FROM sealed_calls
    WHERE project_id = {projectId:String} AND bucket IN (SELECT toDateTime(arrayJoin({starts:Array(UInt32)}), 'UTC')))`;

/** Merges generations of buckets into hours or days, and of days into blocks. @throws QueryFailedError */
export async function mergeRollups(
  clickhouse: ClickHouse,
  asked: Generation & { grain: Grain; generations: readonly bigint[] },
): Promise<void> {
  const { grain, starts, generations } = asked;
  const [from = 0] = starts;
  const start = startSql(grain);
  await clickhouse.command(
    `${INTO}
SELECT {projectId:String}, ${grain}, cube, ${start} AS start, ${generationOf("start")}, ${DIMENSIONS},
  ${restoredMeasures(MEASURE_NAMES)}
FROM calls_rollup
WHERE project_id = {projectId:String} AND cube IN {cubes:Array(String)} AND grain = ${isBlock(grain) ? DAY_GRAIN : BUCKET_GRAIN}
  AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')
  AND generation IN {generations:Array(UInt64)}
GROUP BY start, cube, ${DIMENSIONS}`,
    { ...valuesOf(asked), from, to: (starts.at(-1) ?? 0) + grain, generations, cubes: CUBE_NAMES },
    REBUILD_SETTINGS,
  );
}

/** SQL: when the hour, the day or the block of a bucket begins. */
export function startSql(grain: Grain): string {
  if (isBlock(grain)) {
    return `toDateTime(intDiv(toUInt32(bucket), ${grain}) * ${grain}, 'UTC')`;
  }
  return grain === DAY_GRAIN ? "toStartOfDay(bucket)" : "toStartOfHour(bucket)";
}

/**
 * Makes generations current. From here on readers take them, as long as nothing changes after `covers[i]`.
 * @param asked.newestUs the newest arrival or revision among what was summed, as `listNewestArrivals` tells it; a
 * sealed one has none, and answers for no earlier moment
 * @throws QueryFailedError
 */
export async function flipGenerations(
  clickhouse: ClickHouse,
  asked: Generation & { grain: Grain; covers: readonly string[]; newestUs?: readonly string[] },
): Promise<void> {
  const lines = asked.starts.map((start, index) => {
    const flip = [
      asked.covers[index] ?? "0",
      (asked.first + BigInt(index)).toString(),
      asked.newestUs?.[index] ?? "0",
    ];
    const { projectId: project_id, grain } = asked;
    return `${JSON.stringify({ project_id, grain, bucket: start, flip })}\n`;
  });
  await clickhouse.insertLines("bucket_generations", lines.join(""));
}

/** SQL of the generation's number of a start. */
export function generationOf(start: string): string {
  return `{first:UInt64} + indexOf({starts:Array(UInt32)}, toUInt32(${start})) - 1`;
}

/** Bound values of every statement about a generation. */
export function valuesOf({ projectId, starts, first }: Generation) {
  return { projectId, starts, first: first.toString() };
}
