import { z } from "zod";
import { CUBE_NAMES } from "@/db/clickhouse/cubes";
import { fromCalls, joinParts, whereCalls } from "@/db/clickhouse/filters";
import { innerMeasures, type MeasureName, rolledMeasures } from "@/db/clickhouse/measures";
import type { SqlPart } from "@/db/clickhouse/query";
import { ID_HASH } from "@/db/clickhouse/sealed-buckets";

/** Whole buckets, in seconds since 1970; `toSeconds` excluded. */
const rangeParam = z.object({
  projectIds: z.array(z.string()),
  fromSeconds: z.int().nonnegative(),
  toSeconds: z.int().nonnegative(),
});

/** What of a question is answered from rollups; calls of `rawRanges` are read themselves. No bucket is in both. */
export const rolledParam = z.object({
  cube: z.enum(CUBE_NAMES),
  /** Numbers of the generations to read. */
  generations: z.array(z.bigint()).min(1),
  /** Starts of the 15-minute buckets among them, in seconds since 1970; the others are days. */
  quarters: z.array(z.int().nonnegative()),
  rawRanges: z.array(rangeParam),
  /** Sealed days and buckets among the generations that calls came to since: those not in the sums are read too. */
  lateRanges: z.array(rangeParam),
});
export type Rolled = z.infer<typeof rolledParam>;

/** A table with its WHERE, and its way of making cells. */
export interface SpendSource {
  /** After FROM. */
  from: SqlPart;
  measures: (names: readonly MeasureName[]) => string;
}

/**
 * Where the rows of a question come from. Dimensions have one name in both tables, so that the same groups,
 * filters and calendar apply to each.
 */
export function listSpendSources(
  asked: Parameters<typeof fromCalls>[0] & { rolled: Rolled | null },
): SpendSource[] {
  const calls = fromCalls(asked, { isCounted: true });
  if (asked.rolled === null) return [{ from: calls, measures: innerMeasures }];
  const { cube, generations, quarters, rawRanges, lateRanges } = asked.rolled;
  // Whole buckets only, so the range is asked of `bucket` alone. Grain and quarters are no condition of their own:
  // with them the table's order finds a month of days without looking through its quarters.
  const wholeWhere = whereCalls({ ...asked, ...wholeBuckets(asked) });
  const rolled = {
    text: `calls_rollup WHERE ${wholeWhere.text} AND cube = {cube:String} AND (grain = 86400
        OR (grain = 900 AND bucket IN (SELECT toDateTime(arrayJoin({quarters:Array(UInt32)}), 'UTC'))))
      AND generation IN {generations:Array(UInt64)}`,
    values: { ...wholeWhere.values, cube, generations, quarters },
  };
  const sources: SpendSource[] = [{ from: rolled, measures: rolledMeasures }];
  if (rawRanges.length > 0) {
    const raw = joinParts([calls, rangesPart(rawRanges, "raw")], " AND ");
    sources.push({ from: raw, measures: innerMeasures });
  }
  if (lateRanges.length > 0) {
    const late = joinParts([calls, latePart(lateRanges)], " AND ");
    sources.push({ from: late, measures: innerMeasures });
  }
  return sources;
}

/**
 * Calls of sealed buckets that their sums do not contain. Only buckets that still have calls are asked for identities:
 * where everything is deleted there are none.
 */
function latePart(ranges: Rolled["lateRanges"]): SqlPart {
  const { text, values } = rangesPart(ranges, "late");
  return {
    text: `${text} AND (project_id, bucket, ${ID_HASH}) NOT IN (
      SELECT project_id, bucket, id_hash FROM sealed_calls WHERE ${text}
        AND (project_id, bucket) IN (SELECT DISTINCT project_id, bucket FROM llm_calls WHERE ${text}))`,
    values,
  };
}

function wholeBuckets({ fromUs, toUs }: { fromUs: number; toUs: number }) {
  const stepUs = 900e6;
  return { fromUs: Math.floor(fromUs / stepUs) * stepUs, toUs: Math.ceil(toUs / stepUs) * stepUs };
}

function rangesPart(ranges: Rolled["rawRanges"], name: string): SqlPart {
  const parts = ranges.map(({ projectIds, fromSeconds, toSeconds }, i) => ({
    text: `(project_id IN {${name}Projects${i}:Array(String)}
      AND bucket >= toDateTime({${name}From${i}:UInt32}, 'UTC') AND bucket < toDateTime({${name}To${i}:UInt32}, 'UTC'))`,
    values: {
      [`${name}Projects${i}`]: projectIds,
      [`${name}From${i}`]: fromSeconds,
      [`${name}To${i}`]: toSeconds,
    },
  }));
  const { text, values } = joinParts(parts, " OR ");
  return { text: `(${text})`, values };
}
