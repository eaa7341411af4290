import { z } from "zod";
import { dimensionSql, isFilter } from "@/db/clickhouse/dimensions";
import { BUCKET_SECONDS, toBucket } from "@/db/clickhouse/llm-call-row";
import type { Scope, SqlPart } from "@/db/clickhouse/query";

/** One filtered dimension: any of its values; the empty text is "not sent". */
export const filterParam = z.object({
  dimension: z.string().refine(isFilter),
  values: z.array(z.string()),
});
export type Filter = z.infer<typeof filterParam>;

/** Parameters of a question about calls: its scope, and what narrows it. */
export const filteredParams = {
  filters: z.array(filterParam),
  /** Only what had arrived by then, as it stood then, in microseconds since 1970; null: everything. */
  asOfUs: z.int().nullable(),
};

/**
 * The calls of a question as `FROM … WHERE …`: projects, range, filters, each call as it stood at the asked moment.
 * @param options.isCounted leaves out calls that add up to nothing (voided ones): every sum does, lists show them.
 * @param options.within whole buckets of the asked projects and range that it is narrowed to
 * @param options.columns all that is read of a call: of an earlier moment the engine takes as long to look at all
 * seventy columns as to read these
 * @param options.ids only calls of these ids, found before anything else of them is read. All rows of a call have its id,
 * so FINAL sees every state of those that are left.
 */
export function fromCalls(
  params: Scope & { filters?: readonly Filter[]; asOfUs?: number | null },
  options: {
    isCounted: boolean;
    within?: SqlPart;
    columns?: readonly string[];
    ids?: readonly string[];
  },
): SqlPart {
  const { asOfUs = null } = params;
  const counted = options.isCounted ? " AND counted" : "";
  // Ranges within the range say all of it but its ends inside a bucket: the engine takes its time for each condition.
  const range = options.within ? [options.within, ...edgeParts(params)] : rangeParts(params);
  const filters = (params.filters ?? []).map(filterPart);
  const { ids } = options;
  const table = `llm_calls FINAL${ids ? " PREWHERE id IN {ids:Array(String)}" : ""}`;
  const bound = ids ? { ids } : {};
  if (asOfUs === null) {
    const where = joinParts([...range, ...filters], " AND ");
    return {
      text: `${table} WHERE ${where.text}${counted}`,
      values: { ...where.values, ...bound },
    };
  }
  // The filters stand outside, where they see the state of that moment; the range inside, where the table's order is.
  const arrived = joinParts([...range, asOfPart(asOfUs)], " AND ");
  const columns = options.columns
    ? options.columns.map((name) => STATES_AT_MOMENT.get(name) ?? name)
    : [`* REPLACE (${[...STATES_AT_MOMENT.values()].join(", ")})`];
  const filtered = joinParts(filters, " AND ");
  const text = `(SELECT ${columns.join(", ")} FROM ${table} WHERE ${arrived.text}) AS llm_calls
    WHERE ${filtered.text || "1"}${counted}`;
  return { text, values: { ...arrived.values, ...filtered.values, ...bound } };
}

const MOMENT = "fromUnixTimestamp64Micro({asOfUs:Int64}, 'UTC')";
const STATE_NUMBER = `arrayLastIndex(at -> at <= ${MOMENT}, earlier.revised_at)`;
/** What corrections change. The states before stand in the row, oldest first, from the one that was received. */
const STATES_AT_MOMENT = new Map([
  ...["cost_usd", "list_cost_usd", "cost_status", "cost_reason", "price", "counted"].map(
    (name) =>
      [
        name,
        `if(revised_at <= ${MOMENT}, ${name}, earlier.${name}[${STATE_NUMBER}]) AS ${name}`,
      ] as const,
  ),
  [
    "revision",
    `if(revised_at <= ${MOMENT}, revision, toUInt16(${STATE_NUMBER} - 1)) AS revision`,
  ] as const,
]);

/**
 * Every row of the calls of a range that had arrived by a moment, its earlier revisions and copies too: fewer tests than
 * `fromCalls`, for a look at what may be there.
 */
export function fromRowsOfCalls(
  params: Scope & { asOfUs: number | null },
  within: SqlPart,
): SqlPart {
  const arrived = params.asOfUs === null ? [] : [asOfPart(params.asOfUs)];
  const where = joinParts([within, ...edgeParts(params), ...arrived], " AND ");
  return { text: `llm_calls WHERE ${where.text}`, values: where.values };
}

/**
 * The WHERE of a question: projects, range, filters.
 *
 * The range is asked of `bucket`, which the table is sorted and partitioned by. `ts` is asked only where
 * an end of the range lies inside a bucket: reading it for every row costs more than the answer.
 */
export function whereCalls(params: Scope & { filters?: readonly Filter[] }): SqlPart {
  return joinParts([...rangeParts(params), ...(params.filters ?? []).map(filterPart)], " AND ");
}

/** The WHERE of a question to rollups that are named: projects and filters. */
export function whereRollups(params: {
  projectIds: string[];
  filters?: readonly Filter[];
}): SqlPart {
  return joinParts([projectsPart(params), ...(params.filters ?? []).map(filterPart)], " AND ");
}

/** Joins pieces of SQL; their values must have different names. */
export function joinParts(parts: readonly SqlPart[], separator: string): SqlPart {
  return {
    text: parts.map((part) => part.text).join(separator),
    values: Object.assign({}, ...parts.map((part) => part.values)),
  };
}

/** An instant in microseconds as the store's own type. */
export function instantSql(parameter: string, instantUs: number): SqlPart {
  return {
    text: `fromUnixTimestamp64Micro({${parameter}:Int64}, 'UTC')`,
    values: { [parameter]: instantUs },
  };
}

function rangeParts(scope: Scope): SqlPart[] {
  const { firstBucket, endBucket } = bucketsOf(scope);
  return [
    projectsPart(scope),
    {
      text: "bucket >= toDateTime({firstBucket:UInt32}, 'UTC') AND bucket < toDateTime({endBucket:UInt32}, 'UTC')",
      values: { firstBucket, endBucket },
    },
    ...edgeParts(scope),
  ];
}

function projectsPart({ projectIds }: Pick<Scope, "projectIds">): SqlPart {
  return { text: "project_id IN {projectIds:Array(String)}", values: { projectIds } };
}

/** Seconds since 1970, the end excluded. */
function bucketsOf({ fromUs, toUs }: Scope) {
  return { firstBucket: toBucket(fromUs), endBucket: toBucket(toUs - 1) + BUCKET_SECONDS };
}

/** Ends of a range that lie inside a bucket. */
function edgeParts(scope: Scope): SqlPart[] {
  const { fromUs, toUs } = scope;
  const { firstBucket, endBucket } = bucketsOf(scope);
  const parts: SqlPart[] = [];
  if (firstBucket * 1e6 !== fromUs) parts.push(prefixed("ts >= ", instantSql("fromUs", fromUs)));
  if (endBucket * 1e6 !== toUs) parts.push(prefixed("ts < ", instantSql("toUs", toUs)));
  return parts;
}

function filterPart({ dimension, values }: Filter, index: number): SqlPart {
  const column = dimensionSql(dimension, `filterKey${index}`);
  return {
    text: `${column.text} IN {filter${index}:Array(String)}`,
    values: { ...column.values, [`filter${index}`]: values },
  };
}

function asOfPart(asOfUs: number): SqlPart {
  return prefixed("ingested_at <= ", instantSql("asOfUs", asOfUs));
}

function prefixed(text: string, part: SqlPart): SqlPart {
  return { text: `${text}${part.text}`, values: part.values };
}
