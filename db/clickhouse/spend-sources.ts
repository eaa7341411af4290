import { z } from "zod";
import { CUBE_NAMES, DAY_CUBE_NAMES, DAY_TABLES, GRAINS, isDayCube } from "@/db/clickhouse/cubes";
import {
  fromCalls,
  fromRowsOfCalls,
  joinParts,
  whereCalls,
  whereRollups,
} from "@/db/clickhouse/filters";
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
  cube: z.enum([...CUBE_NAMES, ...DAY_CUBE_NAMES]),
  /** The generations to read by grain: their starts in seconds since 1970, each once, and their numbers. */
  pieces: z
    .array(
      z.object({
        grain: z.literal(GRAINS),
        starts: z.array(z.int().nonnegative()),
        generations: z.array(z.bigint()),
      }),
    )
    .min(1),
  rawRanges: z.array(rangeParam),
  /** Sealed days and buckets among the pieces that calls came to since: those not in the sums are read too. */
  lateRanges: z.array(rangeParam),
});
export type Rolled = z.infer<typeof rolledParam>;

/** A table with its WHERE. */
export interface CallSource {
  /** After FROM. */
  from: SqlPart;
  /** Rows of a rollup, not calls. */
  isRolled: boolean;
}

/** A source and its way of making cells. */
export interface SpendSource {
  from: SqlPart;
  measures: (names: readonly MeasureName[]) => string;
}

/** Where the rows of a sum of spend come from. */
export function listSpendSources(asked: Parameters<typeof listCallSources>[0]): SpendSource[] {
  return listCallSources(asked).map(({ from, isRolled }) => ({
    from,
    measures: isRolled ? rolledMeasures : innerMeasures,
  }));
}

/**
 * Where the rows of a question come from. Dimensions have one name in all tables, so that the same groups,
 * filters and calendar apply to each.
 */
export function listCallSources(
  asked: Parameters<typeof fromCalls>[0] & {
    rolled: Rolled | null;
    /** As `fromCalls` takes them. */
    columns?: readonly string[];
  },
): CallSource[] {
  const { columns } = asked;
  const calls = (within?: SqlPart) =>
    fromCalls(asked, {
      isCounted: true,
      ...(within ? { within } : {}),
      ...(columns ? { columns } : {}),
    });
  if (asked.rolled === null) return [{ from: calls(), isRolled: false }];
  const { rawRanges, lateRanges } = asked.rolled;
  const sources = [{ from: fromRollups(asked, asked.rolled), isRolled: true }];
  if (rawRanges.length > 0) {
    sources.push({ from: calls(rangesPart(rawRanges, "raw")), isRolled: false });
  }
  if (lateRanges.length > 0) {
    const late = joinParts([calls(), latePart(lateRanges)], " AND ");
    sources.push({ from: late, isRolled: false });
  }
  return sources;
}

/** The rows of calls that a question reads beside rollups, as `fromRowsOfCalls` tells them; null: none. */
export function fromRawRows(
  asked: Parameters<typeof fromRowsOfCalls>[0] & { rolled: Rolled | null },
): SqlPart | null {
  const ranges = asked.rolled?.rawRanges ?? [];
  return ranges.length === 0 ? null : fromRowsOfCalls(asked, rangesPart(ranges, "raw"));
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

/**
 * The planned generations. Those of an earlier moment (`as_of`) were chosen by the plan. Their numbers name the rows; the
 * starts are asked for too, as by them the table's order passes over what lies between. Nothing else is: each condition
 * takes the engine as long as reading some thousand rows.
 */
function fromRollups(asked: Parameters<typeof whereCalls>[0], rolled: Rolled): SqlPart {
  const { cube, pieces } = rolled;
  const where = whereRollups(asked);
  const starts = [...new Set(pieces.flatMap((piece) => piece.starts))];
  const generations = pieces.flatMap((piece) => piece.generations);
  const values = { ...where.values, starts, generations };
  const named =
    "toUInt32(bucket) IN {starts:Array(UInt32)} AND generation IN {generations:Array(UInt64)}";
  if (isDayCube(cube)) {
    return { text: `${DAY_TABLES[cube]} WHERE ${where.text} AND ${named}`, values };
  }
  const grains = pieces.map(({ grain }) => grain).join(", ");
  return {
    text: `calls_rollup WHERE ${where.text} AND cube = {cube:String} AND grain IN (${grains}) AND ${named}`,
    values: { ...values, cube },
  };
}

/** Projects, range and filters of rollup rows: whole buckets only, so the range is asked of `bucket` alone. */
export function whereRolled(asked: Parameters<typeof whereCalls>[0]): SqlPart {
  return whereCalls({ ...asked, ...wholeBuckets(asked) });
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
