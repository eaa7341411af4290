import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN, PAIR_DIMENSIONS } from "@/db/clickhouse/cubes";
import {
  innerMeasures,
  MEASURE_NAMES,
  measureColumns,
  NUMBERS,
  storedMeasures,
} from "@/db/clickhouse/measures";
import {
  type Generation,
  generationOf,
  REBUILD_SETTINGS,
  valuesOf,
} from "@/db/clickhouse/queries/rebuild-rollups";
import {
  IS_OF_SESSION,
  SESSION_NAMES_OF_CALLS,
  SESSION_OF_CALLS,
  SESSION_VALUE_COLUMNS,
} from "@/db/clickhouse/session-columns";

/**
 * Sums the de-duplicated calls of these UTC days by user, by session, and by feature and model, and notes the sessions
 * that are in other days too (migrations/0008_long_sessions). Call it after the day's change was read and
 * before its flip. @throws QueryFailedError
 */
export async function sumFineDays(clickhouse: ClickHouse, asked: Generation): Promise<void> {
  const values = { ...valuesOf(asked), ...spanOf(asked.starts) };
  await clickhouse.command(
    `INSERT INTO user_days (project_id, bucket, generation, user, ${measureColumns(NUMBERS)})
SELECT {projectId:String}, ${DAY} AS day, ${generationOf("day")}, user, ${innerMeasures(NUMBERS)}
FROM ${CALLS} GROUP BY day, user`,
    values,
    REBUILD_SETTINGS,
  );
  await clickhouse.command(
    `INSERT INTO session_days
  (project_id, bucket, generation, session, trace, key, ${SESSION_VALUE_COLUMNS})
SELECT {projectId:String}, ${DAY} AS day, ${generationOf("day")}, ${SESSION_NAMES_OF_CALLS}, ${SESSION_OF_CALLS}
FROM ${CALLS} AND ${IS_OF_SESSION} GROUP BY day, session, trace, key`,
    values,
    REBUILD_SETTINGS,
  );
  await clickhouse.command(
    `INSERT INTO long_sessions (project_id, key, generation)
SELECT project_id, key, {first:UInt64} FROM session_days
WHERE project_id = {projectId:String} AND key IN (
  SELECT key FROM session_days WHERE project_id = {projectId:String}
    AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')
    AND generation >= {first:UInt64} AND generation < {first:UInt64} + length({starts:Array(UInt32)}))
GROUP BY project_id, key HAVING min(bucket) != max(bucket)`,
    values,
    REBUILD_SETTINGS,
  );
  const pair = PAIR_DIMENSIONS.join(", ");
  await clickhouse.command(
    `INSERT INTO feature_model_days (project_id, bucket, generation, ${pair}, ${measureColumns(MEASURE_NAMES)})
SELECT {projectId:String}, ${DAY} AS day, ${generationOf("day")}, ${pair}, ${storedMeasures(MEASURE_NAMES)}
FROM ${CALLS} GROUP BY day, ${pair}`,
    values,
    REBUILD_SETTINGS,
  );
}

const DAY = "toStartOfDay(bucket)";
const CALLS = `llm_calls FINAL
WHERE project_id = {projectId:String}
  AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')
  AND toUInt32(${DAY}) IN {starts:Array(UInt32)} AND counted`;

function spanOf(starts: readonly number[]) {
  return { from: starts[0] ?? 0, to: (starts.at(-1) ?? 0) + DAY_GRAIN };
}
