import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { dimensionSql } from "@/db/clickhouse/dimensions";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import { cellMeasures, MEASURE_NAMES, type measuresRow } from "@/db/clickhouse/measures";
import { cellColumns, mergeCells } from "@/db/clickhouse/merge-cells";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { listCallSources, rolledParam } from "@/db/clickhouse/spend-sources";

const params = scopeParams.extend({
  ...filteredParams,
  groupBy: z.array(z.string()),
  /** Starts of the calendar's buckets, ascending, in seconds since 1970; empty: one bucket for all. */
  edges: z.array(z.int().nonnegative()),
  measures: z.array(z.enum(MEASURE_NAMES)),
  /** What of it rollups answer; null: nothing. */
  rolled: rolledParam.nullable(),
  /** Which of `listCallSources`. */
  source: z.int().nonnegative(),
  /** So many cells are made of one source, or it fails; null: as many as there are. */
  maxCells: z.int().positive().nullable(),
});

const cell = z.object({
  ...cellColumns,
  cell_bucket: z.coerce.number().int(),
  group0: z.string().optional(),
  group1: z.string().optional(),
  group2: z.string().optional(),
});
type Cell = z.output<typeof cell>;
interface Place {
  bucket: number;
  group0?: string;
  group1?: string;
  group2?: string;
}
type MergedRow = Place & z.output<typeof measuresRow> & { kind: "group" | "total" };

/**
 * All groups of a question, and their total, from the same cells. Rollups and calls are asked at the
 * same time, each with a statement of its own, and merged here: which generations are read is bound, and no bucket is in
 * both, so it does not matter that they are seen at two moments.
 * @throws QueryFailedError (`158` where there are more cells), MalformedRowError
 */
export async function sumSpendCells(
  clickhouse: ClickHouse,
  asked: Omit<z.input<typeof params>, "source">,
): Promise<MergedRow[]> {
  const sources = listCallSources(asked);
  const answers = await Promise.all(
    sources.map((_, source) => askCells(clickhouse, { ...asked, source })),
  );
  const cells = answers.flat();
  const groups = new Map<string, [Cell, ...Cell[]]>();
  for (const one of cells) {
    const key = JSON.stringify([one.cell_bucket, one.group0, one.group1, one.group2]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  if (cells.length === 0) return [];
  const { measures } = asked;
  const rows: MergedRow[] = [{ kind: "total", bucket: 0, ...mergeCells(cells, measures) }];
  for (const own of groups.values()) {
    const [{ cell_bucket: bucket, ...first }] = own;
    const place: Place = { bucket };
    for (const name of GROUP_NAMES.slice(0, asked.groupBy.length)) place[name] = first[name] ?? "";
    rows.push({ kind: "group", ...place, ...mergeCells(own, measures) });
  }
  return rows;
}

const GROUP_NAMES = ["group0", "group1", "group2"] as const;

const askCells = defineQuery({
  name: "sum-spend-cells",
  params,
  row: cell,
  // A partition is a month of buckets, and a bucket is part of the identity: no duplicate crosses one.
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: ({ source, maxCells, ...asked }) => {
    const chosen = listCallSources(asked)[source];
    if (!chosen) throw new RangeError(`no source ${source}`);
    const { from, isRolled } = chosen;
    const groups = asked.groupBy.map((name, index) => dimensionSql(name, `groupKey${index}`));
    const { edges } = asked;
    const bucket = edges.length === 0 ? "0" : "roundDown(toUInt32(bucket), {edges:Array(UInt32)})";
    const names = groups.map(({ text }, index) => `${text} AS group${index}`);
    const key = ["cell_bucket", ...groups.map((_, index) => `group${index}`)];
    const bound = joinParts([from, ...groups], "");
    return {
      text: `
SELECT ${[`${bucket} AS cell_bucket`, ...names, cellMeasures(asked.measures, isRolled)].join(", ")}
FROM ${from.text} GROUP BY ${key.join(", ")}`,
      values: { ...bound.values, ...(edges.length === 0 ? {} : { edges }) },
      settings:
        maxCells === null
          ? {}
          : { max_rows_to_group_by: maxCells, group_by_overflow_mode: "throw" },
    };
  },
});
