import type { ClickHouse } from "@/db/clickhouse/client";
import { type Grain, PAIR_DIMENSIONS } from "@/db/clickhouse/cubes";
import {
  innerMeasures,
  MEASURE_NAMES,
  measureColumns,
  NUMBERS,
  storedMeasures,
} from "@/db/clickhouse/measures";
import { noteSessionRanks } from "@/db/clickhouse/queries/note-session-ranks";
import {
  type Generation,
  generationOf,
  REBUILD_SETTINGS,
  startSql,
  valuesOf,
} from "@/db/clickhouse/queries/rebuild-rollups";
import {
  IS_OF_SESSION,
  SESSION_NAMES_OF_CALLS,
  SESSION_OF_CALLS,
  SESSION_VALUE_COLUMNS,
} from "@/db/clickhouse/session-columns";

/**
 * Sums the de-duplicated calls of these UTC days or hours by user, by session, and by feature and model, and notes
 * what rankings of sessions read. Call it after the change was read and before the flip. @throws QueryFailedError
 */
export async function sumFineDays(
  clickhouse: ClickHouse,
  asked: Generation & { grain: Grain },
): Promise<void> {
  const { grain, starts } = asked;
  const start = startSql(grain);
  const calls = `llm_calls FINAL
WHERE project_id = {projectId:String}
  AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')
  AND toUInt32(${start}) IN {starts:Array(UInt32)} AND counted`;
  const values = { ...valuesOf(asked), from: starts[0] ?? 0, to: (starts.at(-1) ?? 0) + grain };
  await clickhouse.command(
    `INSERT INTO user_days (project_id, bucket, generation, user, ${measureColumns(NUMBERS)})
SELECT {projectId:String}, ${start} AS start, ${generationOf("start")}, user, ${innerMeasures(NUMBERS)}
FROM ${calls} GROUP BY start, user`,
    values,
    REBUILD_SETTINGS,
  );
  await clickhouse.command(
    `INSERT INTO session_days
  (project_id, bucket, generation, session, trace, key, ${SESSION_VALUE_COLUMNS})
SELECT {projectId:String}, ${start} AS start, ${generationOf("start")}, ${SESSION_NAMES_OF_CALLS}, ${SESSION_OF_CALLS}
FROM ${calls} AND ${IS_OF_SESSION} GROUP BY start, session, trace, key`,
    values,
    REBUILD_SETTINGS,
  );
  await noteSessionRanks(clickhouse, asked);
  const pair = PAIR_DIMENSIONS.join(", ");
  await clickhouse.command(
    `INSERT INTO feature_model_days (project_id, bucket, generation, ${pair}, ${measureColumns(MEASURE_NAMES)})
SELECT {projectId:String}, ${start} AS start, ${generationOf("start")}, ${pair}, ${storedMeasures(MEASURE_NAMES)}
FROM ${calls} GROUP BY start, ${pair}`,
    values,
    REBUILD_SETTINGS,
  );
}
