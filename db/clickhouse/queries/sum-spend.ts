import { z } from "zod";
import { dimensionSql, isDimension } from "@/db/clickhouse/dimensions";
import { filteredParams, joinParts, whereCalls } from "@/db/clickhouse/filters";
import {
  innerMeasures,
  MEASURE_NAMES,
  measuresRow,
  outerMeasures,
  SKETCHES,
} from "@/db/clickhouse/measures";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";

const MAX_GROUPS = 3;
const count = z.coerce.number().int();

const params = scopeParams.extend({
  ...filteredParams,
  groupBy: z.array(z.string().refine(isDimension)).max(MAX_GROUPS),
  /** Starts of the calendar's buckets, ascending, in seconds since 1970; empty: one bucket for all. */
  edges: z.array(z.int().nonnegative()),
  /** How many groups are kept, dearest first over the whole range; the others are `rest`. */
  limit: z.int().positive(),
  /** The cost is always among them: it ranks the groups. */
  measures: z
    .array(z.enum(MEASURE_NAMES))
    .transform((asked) =>
      MEASURE_NAMES.filter((n) => n === "costUsd" || n === "unknownCosts" || asked.includes(n)),
    ),
});
type Params = z.output<typeof params>;

const row = measuresRow.extend({
  /** A kept group's bucket, everything that was not kept, or everything. */
  kind: z.enum(["group", "rest", "total"]),
  /** Start of the bucket in seconds since 1970; 0 without edges. */
  bucket: count,
  /** The group's place, dearest first, from 1. */
  place: count,
  group0: z.string().optional(),
  group1: z.string().optional(),
  group2: z.string().optional(),
});

/**
 * What was spent: a row for each kept group and bucket, one for the rest, one for the total. One pass over
 * the calls makes cells; rows, rest and total are merged from the same cells, so they tie to the digit.
 */
export const sumSpend = defineQuery({
  name: "sum-spend",
  params,
  row,
  // A partition is a month of buckets, and a bucket is part of the identity: no duplicate crosses one.
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const where = whereCalls(asked);
    const groups = asked.groupBy.map((name, index) => dimensionSql(name, `groupKey${index}`));
    const names = groups.map((_, index) => `group${index}`);
    const kept = keptSql(asked, where, groups);
    const cells = cellsSql(asked, where, groups, kept);
    const key = ["is_rest", "bucket", ...names].join(", ");
    const text = `
SELECT multiIf(grouping(is_rest) = 1, 'total', is_rest, 'rest', 'group') AS kind,
  ${["bucket", ...names].join(", ")}, min(place) AS place, ${outerMeasures(asked.measures)}
FROM (
  SELECT * EXCEPT (${["cell_bucket", ...names.map((name) => `cell_${name}`)].join(", ")}),
    NOT is_kept OR place > {limit:UInt32} AS is_rest,
    ${["bucket", ...names].map((name) => restAside(name)).join(", ")}
  FROM (${rankedSql(cells, names)})
)
GROUP BY GROUPING SETS ((${key}), ())
ORDER BY kind, bucket, place`;
    const bound = joinParts([where, kept, ...groups], "");
    return { text, values: { ...bound.values, ...edgeValues(asked), limit: asked.limit } };
  },
});

/** All that is not kept falls into one cell: bucket 0 of the group ''. */
function restAside(name: string): string {
  return `if(is_rest, defaultValueOfArgumentType(cell_${name}), cell_${name}) AS ${name}`;
}

function cellsSql(asked: Params, where: SqlPart, groups: SqlPart[], kept: SqlPart): string {
  const bucket =
    asked.edges.length === 0 ? "0" : "roundDown(toUInt32(bucket), {edges:Array(UInt32)})";
  // What was ruled out beforehand must not keep its own cells: they are the many.
  const aside =
    kept.text === "1" ? (text: string) => text : (text: string) => `if(is_kept, ${text}, '')`;
  const columns = groups.map(({ text }, index) => `${aside(text)} AS cell_group${index}`);
  const bucketCell = kept.text === "1" ? bucket : `if(is_kept, ${bucket}, 0)`;
  const key = ["is_kept", "cell_bucket", ...groups.map((_, index) => `cell_group${index}`)];
  return `
    SELECT ${[`${kept.text} AS is_kept`, `${bucketCell} AS cell_bucket`, ...columns].join(", ")},
      ${innerMeasures(asked.measures)}
    FROM llm_calls FINAL WHERE ${where.text}
    GROUP BY ${key.join(", ")}`;
}

/** Groups get their place by their cost over the whole range, then by name, so that it never changes by chance. */
function rankedSql(cells: string, names: string[]): string {
  const group = ["is_kept", ...names.map((name) => `cell_${name}`)];
  const order = ["is_kept DESC", "group_cost DESC", ...group.slice(1)];
  return `
    SELECT *, dense_rank() OVER (ORDER BY ${order.join(", ")}) AS place
    FROM (SELECT *, sum(ifNull(m_costUsd, 0)) OVER (PARTITION BY ${group.join(", ")}) AS group_cost
      FROM (${cells}))`;
}

/**
 * Which rows belong to a group that can be kept. Only where cells are many or large (a bucket or a sketch
 * for each of a million tasks) the dearest groups are looked for first, which reads the calls twice.
 */
function keptSql(asked: Params, where: SqlPart, groups: SqlPart[]): SqlPart {
  const hasSketches = asked.measures.some((name) => SKETCHES.includes(name));
  if (groups.length === 0 || (asked.edges.length === 0 && !hasSketches))
    return { text: "1", values: {} };
  const list = groups.map(({ text }) => text).join(", ");
  const names = groups.map((_, index) => `g${index}`);
  const named = groups.map(({ text }, index) => `${text} AS g${index}`).join(", ");
  const text = `(${list}) IN (
      SELECT ${names.join(", ")} FROM (
        SELECT ${named}, ifNull(sum(cost_usd), 0) AS cost FROM llm_calls FINAL WHERE ${where.text}
        GROUP BY ${names.join(", ")} ORDER BY cost DESC, ${names.join(", ")} LIMIT {limit:UInt32}))`;
  return { text, values: {} };
}

function edgeValues({ edges }: Params): SqlPart["values"] {
  return edges.length === 0 ? {} : { edges };
}
