import { z } from "zod";
import {
  BUCKET_GRAIN,
  CUBE_NAMES,
  DAY_CUBE_NAMES,
  DAY_TABLES,
  GRAINS,
} from "@/db/clickhouse/cubes";
import {
  innerMeasures,
  MEASURE_NAMES,
  MEASURES,
  mergedNumber,
  SKETCHES,
} from "@/db/clickhouse/measures";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { IS_OF_SESSION, SESSION_NUMBERS } from "@/db/clickhouse/session-columns";

/** What of a cell is compared: everything but sketches, which have no digits to agree on. */
export const COMPARED = MEASURE_NAMES.filter((name) => !SKETCHES.includes(name));

/** Cubes of all larger rollups that sum all calls; a bucket has `CUBE_NAMES` only. */
export const WHOLE_DAY_CUBES = [...CUBE_NAMES, "user", "pair"] as const;
/** Cubes of hours and days. That of sessions sums the calls that are of one, and not every measure of them. */
export const COMPARED_DAY_CUBES = [...WHOLE_DAY_CUBES, "session"] as const;
const KEPT_OF_SESSIONS: readonly string[] = SESSION_NUMBERS;
/** Which of `COMPARED` are kept of sessions. */
export const IS_KEPT_OF_SESSIONS = COMPARED.map((name) => KEPT_OF_SESSIONS.includes(name));

/** In the background: one thread, and more patience than a page has. */
const SETTINGS = {
  max_threads: 1,
  max_execution_time: 240,
  priority: 5,
  do_not_merge_across_partitions_select_final: 1,
} as const;

const usd = z.string().regex(/^-?\d+(\.\d+)?$/);
const sums = {
  /** Start of the bucket or day, seconds since 1970. */
  start: z.int(),
  /** Sum of the known costs. */
  cost_usd: usd,
  unknown_costs: z.string().transform(Number),
  calls: z.string().transform(Number),
  /** Every compared measure as text, in the order of `COMPARED`. */
  measures: z.array(z.string()),
};

/** `fromUs` and `toUs` are whole buckets. */
const range = ({ fromUs, toUs }: { fromUs: number; toUs: number }) => ({
  fromSeconds: Math.floor(fromUs / 1e6),
  toSeconds: Math.floor(toUs / 1e6),
});
const IN_RANGE =
  "project_id IN {projectIds:Array(String)} AND bucket >= toDateTime({fromSeconds:UInt32}, 'UTC') AND bucket < toDateTime({toSeconds:UInt32}, 'UTC')";

const texts = (value: (name: (typeof COMPARED)[number]) => string) =>
  `[${COMPARED.map((name) => `toString(${value(name)})`).join(", ")}]`;

/** What is not kept is 0 here and compared with nothing. */
const columnSums = (kept: readonly string[]): string =>
  COMPARED.map((name) => {
    const sum = kept.includes(name)
      ? `ifNull(${mergedNumber(name, MEASURES[name].column)}, 0)`
      : "0";
    return `${sum} AS v_${name}`;
  }).join(", ");

/** The calls that count, by project, bucket and whether they are of a session: de-duplicated, voided ones left out. */
export const sumDayCalls = defineQuery({
  name: "sum-day-calls",
  params: scopeParams,
  row: z.object({
    ...sums,
    project_id: z.string(),
    events: z.string().transform(Number),
    is_of_session: z.boolean(),
  }),
  settings: SETTINGS,
  sql: (asked) => ({
    text: `
SELECT project_id, start, is_of_session, toString(events) AS events, toString(ifNull(m_costUsd, 0)) AS cost_usd,
  toString(m_unknownCosts) AS unknown_costs, toString(m_calls) AS calls,
  ${texts((name) => `ifNull(m_${name}, 0)`)} AS measures
FROM (
  SELECT project_id, toUInt32(bucket) AS start, toBool(${IS_OF_SESSION}) AS is_of_session, count() AS events,
    ${innerMeasures(COMPARED)}
  FROM llm_calls FINAL WHERE ${IN_RANGE} AND counted
  GROUP BY project_id, bucket, is_of_session)
ORDER BY project_id, start`,
    values: { projectIds: asked.projectIds, ...range(asked) },
  }),
});

/** What these generations add up to, by cube, grain and start. A cube without rows is absent: it adds up to 0. */
export const sumDayRollups = defineQuery({
  name: "sum-day-rollups",
  params: scopeParams.extend({
    rollups: z.array(z.object({ grain: z.literal(GRAINS), generations: z.array(z.bigint()) })),
  }),
  row: z.object({
    ...sums,
    project_id: z.string(),
    cube: z.enum(COMPARED_DAY_CUBES),
    grain: z.literal(GRAINS),
  }),
  settings: SETTINGS,
  sql: (asked) => ({
    text: `
SELECT project_id, cube, grain, start, toString(v_costUsd) AS cost_usd,
  toString(v_unknownCosts) AS unknown_costs, toString(v_calls) AS calls,
  ${texts((name) => `v_${name}`)} AS measures
FROM (
  SELECT project_id, toString(cube) AS cube, toUInt32(grain) AS grain, toUInt32(bucket) AS start,
    ${columnSums(COMPARED)}
  FROM calls_rollup WHERE ${IN_RANGE} AND generation IN {generations:Array(UInt64)}
  GROUP BY project_id, cube, grain, bucket
  UNION ALL ${DAY_CUBE_NAMES.map(dayCubeSql).join(" UNION ALL ")})
ORDER BY project_id, start, grain, cube`,
    values: {
      projectIds: asked.projectIds,
      ...range(asked),
      generations: asked.rollups.flatMap(({ generations }) => generations),
      ...Object.fromEntries(
        GRAINS.map((grain) => [
          `generations${grain}`,
          asked.rollups.filter((one) => one.grain === grain).flatMap((one) => one.generations),
        ]),
      ),
    },
  }),
});

/** These tables do not say the grain of a row: its generation does. */
function dayCubeSql(cube: (typeof DAY_CUBE_NAMES)[number]): string {
  const grains = GRAINS.filter((grain) => grain !== BUCKET_GRAIN).map(
    (grain) => `generation IN {generations${grain}:Array(UInt64)}, ${grain}`,
  );
  return `
  SELECT project_id, '${cube}' AS cube, toUInt32(multiIf(${grains.join(", ")}, 0)) AS grain, toUInt32(bucket) AS start,
    ${columnSums(cube === "session" ? KEPT_OF_SESSIONS : COMPARED)}
  FROM ${DAY_TABLES[cube]} WHERE ${IN_RANGE} AND generation IN {generations:Array(UInt64)}
  GROUP BY project_id, grain, bucket`;
}
