import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN, type Grain } from "@/db/clickhouse/cubes";
import {
  type Generation,
  REBUILD_SETTINGS,
  valuesOf,
} from "@/db/clickhouse/queries/rebuild-rollups";
import {
  SESSION_SORTS,
  SESSION_VALUE_COLUMNS,
  sessionOrder,
} from "@/db/clickhouse/session-columns";

/** So many rows of a day's generation are kept in the list of the dearest. */
export const DEAREST_KEPT = 1_000;

/**
 * Notes the sessions of these days or hours that are in other days too (migrations/0008_long_sessions), their rows, and
 * the dearest rows of days (0010_session_ranks). Call it when the rows of `session_days` are there and before the flip.
 * @throws QueryFailedError
 */
export async function noteSessionRanks(
  clickhouse: ClickHouse,
  asked: Generation & { grain: Grain },
): Promise<void> {
  const { grain, starts } = asked;
  const values = { ...valuesOf(asked), from: starts[0] ?? 0, to: (starts.at(-1) ?? 0) + grain };
  await clickhouse.command(
    `INSERT INTO long_sessions (project_id, key, generation)
SELECT project_id, key, {first:UInt64} FROM session_days
WHERE project_id = {projectId:String} AND key IN (SELECT key FROM ${OWN_ROWS})
GROUP BY project_id, key HAVING min(toStartOfDay(bucket)) != max(toStartOfDay(bucket))`,
    values,
    REBUILD_SETTINGS,
  );
  await clickhouse.command(
    `${INTO}
SELECT project_id, 'long', bucket, generation, key, session, trace, false, ${SESSION_VALUE_COLUMNS} FROM session_days
WHERE project_id = {projectId:String} AND key IN (
    SELECT key FROM long_sessions WHERE project_id = {projectId:String} AND key IN (SELECT key FROM ${OWN_ROWS}))
  AND (generation, key) NOT IN (
    SELECT generation, key FROM session_ranks WHERE project_id = {projectId:String} AND list = 'long')`,
    values,
    REBUILD_SETTINGS,
  );
  if (grain !== DAY_GRAIN) return;
  const [cost, unknown] = SESSION_SORTS.cost.parts;
  const order = sessionOrder("cost", "desc");
  await clickhouse.command(
    `${INTO}
SELECT project_id, 'cost', bucket, generation, key, session, trace, place = ${DEAREST_KEPT}, ${SESSION_VALUE_COLUMNS}
FROM (
  SELECT *, row_number() OVER (PARTITION BY generation ORDER BY ${order}) AS place,
    count() OVER (PARTITION BY generation) AS all_rows
  FROM (SELECT project_id, bucket, generation, key, session, trace, ${SESSION_VALUE_COLUMNS}, ${cost.days} AS a, ${unknown.days} AS b
    FROM ${OWN_ROWS}))
WHERE all_rows > ${DEAREST_KEPT} AND place <= ${DEAREST_KEPT}`,
    values,
    REBUILD_SETTINGS,
  );
}

const INTO = `INSERT INTO session_ranks (project_id, list, bucket, generation, key, session, trace, is_last, ${SESSION_VALUE_COLUMNS})`;
const OWN_ROWS = `session_days
  WHERE project_id = {projectId:String}
    AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')
    AND generation >= {first:UInt64} AND generation < {first:UInt64} + length({starts:Array(UInt32)})`;
