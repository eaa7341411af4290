import { z } from "zod";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";
import {
  IS_OF_SESSION,
  SESSION_KEY,
  SESSION_SORT_NAMES,
  SESSION_SORTS,
} from "@/db/clickhouse/session-columns";
import { listCallSources, rolledParam } from "@/db/clickhouse/spend-sources";

/** The last session of a page: its sorted value as text (null: not known), and its key, which breaks ties. */
export const afterSessionParam = z.object({ value: z.string().nullable(), key: z.string() });

const params = scopeParams.extend({
  ...filteredParams,
  sort: z.enum(SESSION_SORT_NAMES),
  direction: z.enum(["asc", "desc"]),
  after: afterSessionParam.nullable(),
  limit: z.int().positive(),
  /** What of it `session_days` answers; null: nothing. */
  rolled: rolledParam.nullable(),
});
type Params = z.output<typeof params>;

/**
 * The keys of one page of sessions in its order, by the one column that sorts them. Sessions without the sorted value
 * come last in both directions.
 *
 * A session that is not known to be long (migrations/0008), and of which no call is read raw, has one row: its value
 * is its sum. The others are grouped.
 */
export const rankSessions = defineQuery({
  name: "rank-sessions",
  params,
  row: z.object({ session_key: z.string(), sort_value: z.string().nullable() }),
  settings: {
    do_not_merge_across_partitions_select_final: 1,
    // Where most sessions are long: millions of keys and one number each would take seconds on the disk.
    max_bytes_before_external_group_by: 400_000_000,
  },
  sql: (asked) => {
    const sources = listCallSources(asked);
    const days = sources.find(({ isRolled }) => isRolled)?.from ?? null;
    const calls = sources.filter(({ isRolled }) => !isRolled).map(({ from }) => from);
    const shared = sharedSql(calls);
    const after = afterSql(asked);
    const { value } = SESSION_SORTS[asked.sort];
    const page = `${after.text} ORDER BY isNull(${value}), ${value} ${asked.direction}, key LIMIT {limit:UInt32}`;
    const cells = calls.map((from) => callCellsSql(asked, from));
    if (days) cells.push(dayCellsSql(asked, days, `key IN ${shared}`));
    const grouped = `
  SELECT key, ${partsSql(asked, (part, name) => `${part.merge}(${name}_cell) AS ${name}`)}
  FROM (${cells.join(" UNION ALL ")}) GROUP BY key HAVING ${page}`;
    const single = days
      ? `SELECT key, ${partsSql(asked, (_, name) => `${name}_cell AS ${name}`)}
  FROM (${dayCellsSql(asked, days, `key NOT IN ${shared}`)}) WHERE ${page}`
      : null;
    const text = `
SELECT toString(key) AS session_key, toString(${value}) AS sort_value
FROM (${single === null ? grouped : `SELECT * FROM (${single}) UNION ALL SELECT * FROM (${grouped})`})
ORDER BY isNull(${value}), ${value} ${asked.direction}, key LIMIT {limit:UInt32}`;
    const bound = joinParts(
      sources.map(({ from }) => from),
      "",
    );
    const { projectIds, limit } = asked;
    const values = { ...bound.values, ...after.values, projectIds, limit, newest: newestOf(asked) };
    return { text, values };
  },
});

/**
 * Keys of sessions that may have more than one row, as a subquery that gives the same wherever it stands. No scalar: of
 * thousands of keys the engine would make a set again for every block it reads.
 */
function sharedSql(calls: readonly SqlPart[]): string {
  const raw = calls.map(
    ({ text }) =>
      ` UNION ALL SELECT DISTINCT ${SESSION_KEY} AS key FROM ${text} AND ${IS_OF_SESSION}`,
  );
  return `(SELECT key FROM long_sessions
    WHERE project_id IN {projectIds:Array(String)} AND generation <= {newest:UInt64}${raw.join("")})`;
}

/** The last of the generations that are read. */
function newestOf({ rolled }: Params): bigint {
  let newest = 0n;
  for (const generation of rolled?.generations ?? []) if (generation > newest) newest = generation;
  return newest;
}

function partsSql(
  { sort }: Params,
  write: (part: (typeof SESSION_SORTS)[typeof sort]["parts"][number], name: string) => string,
): string {
  return SESSION_SORTS[sort].parts
    .map((part, index) => write(part, index === 0 ? "a" : "b"))
    .join(", ");
}

function dayCellsSql(asked: Params, days: SqlPart, which: string): string {
  return `SELECT key, ${partsSql(asked, (part, name) => `${part.days} AS ${name}_cell`)}
       FROM ${days.text} AND ${which}`;
}

function callCellsSql(asked: Params, calls: SqlPart): string {
  return `SELECT ${SESSION_KEY} AS key, ${partsSql(asked, (part, name) => `${part.calls} AS ${name}_cell`)}
       FROM ${calls.text} AND ${IS_OF_SESSION} GROUP BY key`;
}

/** Keys after the page's last one, in the order above. */
function afterSql({ after, sort, direction }: Params): SqlPart {
  if (!after) return { text: "1", values: {} };
  const { value, type } = SESSION_SORTS[sort];
  const values = { afterKey: after.key };
  const tie = "key > {afterKey:UInt64}";
  if (after.value === null) return { text: `isNull(${value}) AND ${tie}`, values };
  const past = direction === "desc" ? "<" : ">";
  const bound = `{afterValue:${type}}`;
  return {
    text: `(isNull(${value}) OR ${value} ${past} ${bound} OR (${value} = ${bound} AND ${tie}))`,
    values: { ...values, afterValue: after.value },
  };
}
