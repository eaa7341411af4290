import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { dimensionSql, isDimension } from "@/db/clickhouse/dimensions";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import {
  MEASURE_NAMES,
  type MeasureName,
  measuresRow,
  outerMeasures,
  SKETCHES,
} from "@/db/clickhouse/measures";
import { toFemto } from "@/db/clickhouse/merge-cells";
import { sumDearestGroups } from "@/db/clickhouse/queries/sum-dearest-groups";
import { sumSpendCells } from "@/db/clickhouse/queries/sum-spend-cells";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";
import { listSpendSources, rolledParam, type SpendSource } from "@/db/clickhouse/spend-sources";
import { engineCodeOf } from "@/db/clickhouse/store-errors";

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
  /** What of it rollups answer; null: nothing. */
  rolled: rolledParam.nullable(),
  /** The last group of the page before this one, by cost over the range and then by name; null: the dearest come first. */
  after: z
    .object({ costUsd: z.string(), names: z.array(z.string()) })
    .nullable()
    .default(null),
});
type Params = z.output<typeof params>;

const row = measuresRow.extend({
  /** A kept group's bucket, everything that was not kept, or everything. */
  kind: z.enum(["group", "rest", "total"]),
  /** Start of the bucket in seconds since 1970; 0 without edges. */
  bucket: count,
  group0: z.string().optional(),
  group1: z.string().optional(),
  group2: z.string().optional(),
});

export type SpendRow = z.output<typeof row>;
/** A group's place among all, dearest first. Names are the store's: a project's id, "" for not sent. */
export type GroupPlace = NonNullable<Params["after"]>;

/** Cells that one pass may make, with bins of some KB each or without; most questions make far fewer. */
const MAX_CELLS = 50_000;
const MAX_SKETCH_CELLS = 2_000;
const TOO_MANY_GROUPS = "158";

/**
 * What was spent: a row for each kept group and bucket, dearest group first, one for the rest, one for the total. The
 * calls, and the rollups of those buckets that are not read raw, make cells; rows, rest and total are merged from the
 * same cells, so they tie to the digit.
 * @throws QueryFailedError, MalformedRowError
 */
export async function sumSpend(
  clickhouse: ClickHouse,
  asked: z.input<typeof params>,
): Promise<SpendRow[]> {
  const isFirstPage = !asked.after;
  if (isFirstPage && !asked.groupBy.some((name) => MANY_VALUED.includes(name))) {
    const all = await sumAllGroups(clickhouse, asked);
    if (all && all.groupCount <= asked.limit) return all.rows;
  }
  const hasOneCellEach = asked.edges.length <= 1 && !hasSketches(asked.measures);
  if (hasOneCellEach && isFirstPage && asked.groupBy.length > 0) {
    const measures = params.shape.measures.parse(asked.measures);
    const bucket = asked.edges[0] ?? 0;
    const rows = await sumDearestGroups(clickhouse, { ...asked, measures });
    return rows.map((row) => (row.kind === "group" ? { ...row, bucket } : row));
  }
  return rankGroups(await askSpend(clickhouse, asked)).rows;
}

/** All groups, where they are few; null: there are more than are kept. */
async function sumAllGroups(clickhouse: ClickHouse, asked: z.input<typeof params>) {
  const measures = params.shape.measures.parse(asked.measures);
  const maxCells = cellLimit({ ...asked, measures });
  try {
    return rankGroups(await sumSpendCells(clickhouse, { ...asked, measures, maxCells }));
  } catch (error) {
    if (engineCodeOf(error) !== TOO_MANY_GROUPS) throw error;
    return null;
  }
}

/** Dimensions of which there are more values than anyone asks for: looking whether there are would be in vain. */
const MANY_VALUED = ["user", "session"];

const hasSketches = (measures: readonly MeasureName[]): boolean =>
  measures.some((name) => SKETCHES.includes(name));

const askSpend = defineQuery({
  name: "sum-spend",
  params,
  row,
  // A partition is a month of buckets, and a bucket is part of the identity: no duplicate crosses one.
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const sources = listSpendSources(asked);
    const groups = asked.groupBy.map((name, index) => dimensionSql(name, `groupKey${index}`));
    const names = groups.map((_, index) => `group${index}`);
    const kept = keptSql(asked, sources, groups);
    const cells = sources
      .map((source) => cellsSql(asked, source, groups, kept))
      .join(" UNION ALL ");
    const columns = ["bucket", ...names];
    const text = `${kept.with}
SELECT multiIf(grouping(is_kept) = 1, 'total', is_kept, 'group', 'rest') AS kind,
  ${columns.map((name) => `cell_${name} AS ${name}`).join(", ")}, ${outerMeasures(asked.measures)}
FROM (${cells})
GROUP BY GROUPING SETS ((is_kept, ${columns.map((name) => `cell_${name}`).join(", ")}), ())`;
    const bound = joinParts([...sources.map(({ from }) => from), ...groups, afterPart(asked)], "");
    return { text, values: { ...bound.values, ...edgeValues(asked), limit: asked.limit } };
  },
});

/** Groups get their place by their cost over the whole range, then by name, so that it never changes by chance. */
function rankGroups(rows: readonly SpendRow[]): { rows: SpendRow[]; groupCount: number } {
  const groups = new Map<string, Group>();
  const listed = rows.map((row) => ({ row, group: findGroup(groups, row) }));
  const ranked = [...groups.values()].sort((one, two) => {
    if (one.cost !== two.cost) return one.cost > two.cost ? -1 : 1;
    // By bytes, as the engine orders names where it chooses which groups are kept.
    const differing = one.names.findIndex((name, index) => !name.equals(two.names[index] ?? name));
    return differing < 0
      ? 0
      : Buffer.compare(one.names[differing] ?? EMPTY, two.names[differing] ?? EMPTY);
  });
  ranked.forEach((group, place) => {
    group.place = place;
  });
  const placeOf = (group: Group | null) => group?.place ?? -1;
  const ordered = listed.sort(
    (one, two) => one.row.bucket - two.row.bucket || placeOf(one.group) - placeOf(two.group),
  );
  return { rows: ordered.map(({ row }) => row), groupCount: groups.size };
}

interface Group {
  names: Buffer[];
  /** In 1e-15 dollars, over the whole range. */
  cost: bigint;
  place: number;
}

/** The group that a row belongs to, with the row's cost in it; null: none, it is the rest or the total. */
function findGroup(groups: Map<string, Group>, row: SpendRow): Group | null {
  if (row.kind !== "group") return null;
  const names = [row.group0, row.group1, row.group2];
  const key = JSON.stringify(names);
  let group = groups.get(key);
  if (!group) {
    group = { names: names.map((name) => Buffer.from(name ?? "")), cost: 0n, place: 0 };
    groups.set(key, group);
  }
  group.cost += toFemto(row.costUsd);
  return group;
}

const EMPTY = Buffer.alloc(0);
function cellsSql(asked: Params, source: SpendSource, groups: SqlPart[], kept: Kept): string {
  const bucket =
    asked.edges.length === 0 ? "0" : "roundDown(toUInt32(bucket), {edges:Array(UInt32)})";
  // What was ruled out beforehand must not keep its own cells: they are the many.
  const aside =
    kept.test === "1" ? (text: string) => text : (text: string) => `if(is_kept, ${text}, '')`;
  const columns = groups.map(({ text }, index) => `${aside(text)} AS cell_group${index}`);
  const bucketCell = kept.test === "1" ? bucket : `if(is_kept, ${bucket}, 0)`;
  const key = ["is_kept", "cell_bucket", ...groups.map((_, index) => `cell_group${index}`)];
  return `
    SELECT ${[`${kept.test} AS is_kept`, `${bucketCell} AS cell_bucket`, ...columns].join(", ")},
      ${source.measures(asked.measures)}
    FROM ${source.from.text}
    GROUP BY ${key.join(", ")}`;
}

/** One more cell than this, and there are groups that are not kept, or cells are many; null: all are kept. */
function cellLimit(asked: {
  groupBy: readonly string[];
  edges: readonly number[];
  limit: number;
  measures: readonly MeasureName[];
}): number | null {
  if (asked.groupBy.length === 0) return null;
  const most = hasSketches(asked.measures) ? MAX_SKETCH_CELLS : MAX_CELLS;
  return Math.min(most, asked.limit * Math.max(1, asked.edges.length));
}

/** Which rows belong to a group that can be kept, and the WITH that this test takes. */
interface Kept {
  test: string;
  with: string;
}

/**
 * The dearest groups, as one scalar: the engine would run an `IN (SELECT …)` of each source for itself, and what
 * arrives between the two could put one group into both rows and rest.
 */
function keptSql(asked: Params, sources: SpendSource[], groups: SqlPart[]): Kept {
  if (groups.length === 0) return { test: "1", with: "" };
  const list = groups.map(({ text }) => text).join(", ");
  const names = groups.map((_, index) => `g${index}`).join(", ");
  const places = groups.map((_, index) => `kept_group.${index + 1}`).join(", ");
  const named = groups.map(({ text }, index) => `${text} AS g${index}`).join(", ");
  const costs = sources.map(
    ({ from }) => `SELECT ${named}, sum(cost_usd) AS cost FROM ${from.text} GROUP BY ${names}`,
  );
  return {
    // As a subquery: the engine looks a constant array through for each row, and makes a hash table of this.
    test: `(${list}) IN (SELECT ${places} FROM (SELECT arrayJoin(kept_groups) AS kept_group))`,
    with: `WITH (SELECT groupArray(tuple(${names})) FROM (
      SELECT ${names}, ifNull(sum(cost), 0) AS group_cost FROM (${costs.join(" UNION ALL ")})
      GROUP BY ${names}${afterPart(asked).text} ORDER BY group_cost DESC, ${names} LIMIT {limit:UInt32})) AS kept_groups`,
  };
}

/** Groups behind a place in the order above. */
function afterPart({ after, groupBy }: Params): SqlPart {
  if (!after) return { text: "", values: {} };
  const names = groupBy.map((_, index) => `g${index}`).join(", ");
  const places = groupBy.map((_, index) => `{afterName${index}:String}`).join(", ");
  return {
    text: ` HAVING group_cost < {afterCost:Decimal(76, 15)}
      OR (group_cost = {afterCost:Decimal(76, 15)} AND (${names}) > (${places}))`,
    values: {
      afterCost: after.costUsd,
      ...Object.fromEntries(after.names.map((name, index) => [`afterName${index}`, name])),
    },
  };
}

function edgeValues({ edges }: Params): SqlPart["values"] {
  return edges.length === 0 ? {} : { edges };
}
