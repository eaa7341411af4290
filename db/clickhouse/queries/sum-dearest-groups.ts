import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { dimensionSql } from "@/db/clickhouse/dimensions";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import {
  MEASURE_NAMES,
  MEASURES,
  type MeasureName,
  type measuresRow,
} from "@/db/clickhouse/measures";
import { cellColumns, mergeCells, restOfCells } from "@/db/clickhouse/merge-cells";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { listCallSources, rolledParam } from "@/db/clickhouse/spend-sources";

const params = scopeParams.extend({
  ...filteredParams,
  groupBy: z.array(z.string()).min(1),
  measures: z.array(z.enum(MEASURE_NAMES)),
  /** How many groups are kept, dearest first. */
  limit: z.int().positive(),
  /** What of it rollups answer; null: nothing. */
  rolled: rolledParam.nullable(),
});

const row = z.object({
  ...cellColumns,
  is_total: z.int(),
  /** Cells in it of which it is not known how many of their calls were retries. */
  unknown_retries: z.coerce.number(),
  group0: z.string(),
  group1: z.string().optional(),
  group2: z.string().optional(),
});
type Row = z.output<typeof row>;

type DearestRow = z.output<typeof measuresRow> & {
  kind: "group" | "rest" | "total";
  bucket: number;
  group0?: string;
  group1?: string;
  group2?: string;
};

/**
 * The dearest of many groups, each in one bucket: theirs, the rest and the total. One statement sums all groups and the
 * total and keeps the dearest; the rest is what those leave of the total, so that they tie to the digit.
 * @param asked.measures numbers only, the cost among them
 * @throws QueryFailedError, MalformedRowError
 */
export async function sumDearestGroups(
  clickhouse: ClickHouse,
  asked: z.input<typeof params>,
): Promise<DearestRow[]> {
  const [total, ...groups] = await askDearest(clickhouse, asked);
  if (!total) return [];
  const kept = groups.slice(0, asked.limit);
  const rows = kept.map(
    (group): DearestRow => ({
      ...toRow("group", group, asked.measures),
      ...namesOf(group),
    }),
  );
  if (groups.length > kept.length) {
    const left: Row = { ...total, ...restOfCells(total, kept, asked.measures) };
    for (const group of kept) left.unknown_retries -= group.unknown_retries;
    rows.push(toRow("rest", left, asked.measures));
  }
  return [...rows, toRow("total", total, asked.measures)];
}

function toRow(kind: DearestRow["kind"], cell: Row, measures: readonly MeasureName[]): DearestRow {
  const m_retries = cell.unknown_retries > 0 ? null : cell.m_retries;
  return { kind, bucket: 0, ...mergeCells([{ ...cell, m_retries }], measures) };
}

function namesOf({ group0, group1, group2 }: Row) {
  return {
    group0,
    ...(group1 === undefined ? {} : { group1 }),
    ...(group2 === undefined ? {} : { group2 }),
  };
}

const askDearest = defineQuery({
  name: "sum-dearest-groups",
  params,
  row,
  // A partition is a month of buckets, and a bucket is part of the identity: no duplicate crosses one.
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const { measures, limit } = asked;
    const groups = asked.groupBy.map((name, index) => dimensionSql(name, `groupKey${index}`));
    const names = groups.map((_, index) => `group${index}`).join(", ");
    const named = groups.map(({ text }, index) => `${text} AS group${index}`).join(", ");
    const sources = listCallSources(asked);
    const cells = sources.map(({ from, isRolled }) => {
      const values = measures.map((name) => {
        const { column, inner } = MEASURES[name];
        return `${isRolled ? column : inner} AS c_${name}`;
      });
      const grouped = isRolled ? "" : ` GROUP BY ${names}`;
      return `SELECT ${named}, ${values.join(", ")} FROM ${from.text}${grouped}`;
    });
    const sums = measures.map((name) => `sum(c_${name}) AS m_${name}`);
    const unknown = measures.includes("retries") ? "countIf(isNull(c_retries))" : "0";
    const bound = joinParts([...sources.map(({ from }) => from), ...groups], "");
    return {
      text: `
SELECT toUInt8(grouping(group0)) AS is_total, ${names}, ${unknown} AS unknown_retries, ${sums.join(", ")}
FROM (${cells.join("\nUNION ALL ")})
GROUP BY GROUPING SETS ((${names}), ())
ORDER BY is_total DESC, ifNull(m_costUsd, 0) DESC, ${names} LIMIT {limit:UInt32} + 2`,
      values: { ...bound.values, limit },
    };
  },
});
