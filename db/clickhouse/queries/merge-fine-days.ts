import type { ClickHouse } from "@/db/clickhouse/client";
import { type Grain, PAIR_DIMENSIONS } from "@/db/clickhouse/cubes";
import {
  MEASURE_NAMES,
  type MeasureName,
  measureColumns,
  NUMBERS,
  restoredMeasures,
} from "@/db/clickhouse/measures";
import {
  type Generation,
  generationOf,
  REBUILD_SETTINGS,
  startSql,
  valuesOf,
} from "@/db/clickhouse/queries/rebuild-rollups";

/** Merges days by user, and by feature and model, into blocks. Call it before the flip. @throws QueryFailedError */
export async function mergeFineDays(
  clickhouse: ClickHouse,
  asked: Generation & { grain: Grain; generations: readonly bigint[] },
): Promise<void> {
  const { grain, starts, generations } = asked;
  const [from = 0] = starts;
  const span = { from, to: (starts.at(-1) ?? 0) + grain, generations };
  const merge = (table: string, dimensions: string, measures: readonly MeasureName[]) =>
    clickhouse.command(
      `INSERT INTO ${table} (project_id, bucket, generation, ${dimensions}, ${measureColumns(measures)})
SELECT {projectId:String}, ${startSql(grain)} AS start, ${generationOf("start")}, ${dimensions}, ${restoredMeasures(measures)}
FROM ${table}
WHERE project_id = {projectId:String}
  AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')
  AND generation IN {generations:Array(UInt64)}
GROUP BY start, ${dimensions}`,
      { ...valuesOf(asked), ...span },
      REBUILD_SETTINGS,
    );
  await merge("user_days", "user", NUMBERS);
  await merge("feature_model_days", PAIR_DIMENSIONS.join(", "), MEASURE_NAMES);
}
