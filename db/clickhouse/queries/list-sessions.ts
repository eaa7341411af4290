import { z } from "zod";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";
import {
  IS_OF_SESSION,
  SESSION_KEY,
  SESSION_NAMES_OF_CALLS,
  SESSION_OF_CALLS,
  SESSION_OF_CELLS,
  SESSION_OF_DAYS,
  SESSION_SORT_NAMES,
  SESSION_SORTS,
  sessionRow,
} from "@/db/clickhouse/session-columns";
import { type CallSource, listCallSources, rolledParam } from "@/db/clickhouse/spend-sources";

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
 * One page of sessions, with their sums over the range. Keys are ranked first, by the one column that sorts them; all
 * else is summed for the page's sessions only, by name: two sessions of one key would come next to each other, each
 * with figures of its own. Sessions without the sorted value come last in both directions.
 */
export const listSessions = defineQuery({
  name: "list-sessions",
  params,
  row: sessionRow.extend({
    session_key: z.string(),
    sort_value: z.string().nullable(),
    /** Of its key in the page, from 1. */
    place: z.coerce.number().int(),
  }),
  settings: {
    do_not_merge_across_partitions_select_final: 1,
    // Millions of keys and one number each: on the disk they would take seconds.
    max_bytes_before_external_group_by: 400_000_000,
  },
  sql: (asked) => {
    const sources = listCallSources(asked);
    const after = afterSql(asked);
    const { value } = SESSION_SORTS[asked.sort];
    const text = `
WITH (SELECT groupArray((key, toString(${value}))) FROM (
  SELECT key, ${partsSql(asked, (part, name) => `${part.merge}(${name}_cell) AS ${name}`)}
  FROM (${sources.map((source) => rankCellsSql(asked, source)).join(" UNION ALL ")})
  GROUP BY key HAVING ${after.text}
  ORDER BY isNull(${value}), ${value} ${asked.direction}, key LIMIT {limit:UInt32})) AS ranked
SELECT project_id, session, trace, toString(key) AS session_key, indexOf(ranked.1, key) AS place,
  ranked.2[place] AS sort_value, ${SESSION_OF_CELLS}
FROM (${sources.map(detailCellsSql).join(" UNION ALL ")})
GROUP BY project_id, session, trace, key
ORDER BY place, project_id, session, trace`;
    const bound = joinParts(
      sources.map(({ from }) => from),
      "",
    );
    return { text, values: { ...bound.values, ...after.values, limit: asked.limit } };
  },
});

function partsSql(
  { sort }: Params,
  write: (part: (typeof SESSION_SORTS)[typeof sort]["parts"][number], name: string) => string,
): string {
  return SESSION_SORTS[sort].parts
    .map((part, index) => write(part, index === 0 ? "a" : "b"))
    .join(", ");
}

/** A day's row is a cell as it is: most sessions have one, and grouping them twice would take twice as long. */
function rankCellsSql(asked: Params, { from, isRolled }: CallSource): string {
  return isRolled
    ? `SELECT key, ${partsSql(asked, ({ days }, name) => `${days} AS ${name}_cell`)} FROM ${from.text}`
    : `SELECT ${SESSION_KEY} AS key, ${partsSql(asked, ({ calls }, name) => `${calls} AS ${name}_cell`)}
       FROM ${from.text} AND ${IS_OF_SESSION} GROUP BY key`;
}

function detailCellsSql({ from, isRolled }: CallSource): string {
  return isRolled
    ? `SELECT project_id, session, trace, key, ${SESSION_OF_DAYS}
       FROM ${from.text} AND key IN ranked.1 GROUP BY project_id, session, trace, key`
    : `SELECT project_id, ${SESSION_NAMES_OF_CALLS}, ${SESSION_OF_CALLS}
       FROM ${from.text} AND ${IS_OF_SESSION} AND ${SESSION_KEY} IN ranked.1
       GROUP BY project_id, session, trace, key`;
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
