import { z } from "zod";
import {
  innerMeasures,
  MEASURES,
  measureColumns,
  measuresRow,
  NUMBERS,
} from "@/db/clickhouse/measures";
import { cellColumns } from "@/db/clickhouse/merge-cells";
import type { SqlPart } from "@/db/clickhouse/query";

/** Agents of a session that are told apart; one more is kept, which tells that there are more. */
export const MAX_AGENTS = 100;

/**
 * What a call's session is called: its session, or else its trace. Of one project, two sessions have the same pair
 * never. Not named `trace_id`, or the alias would stand for the column it is made of.
 */
const TRACE = "if(session = '', trace_id, '')";
/** A call with neither is of no session. */
export const IS_OF_SESSION = "(session != '' OR trace_id != '')";
/** The number of a call's session: of two million, two have the same once in ten million installations. */
export const SESSION_KEY = `sipHash64(project_id, session, ${TRACE})`;

/** The numbers that are kept of a session. Its retries are counted beside them, and what they cost is not. */
export const SESSION_NUMBERS = NUMBERS.filter(
  (name) => name !== "retries" && name !== "retryCostUsd" && name !== "unknownRetryCosts",
);

const STARTED = "toUnixTimestamp64Micro(ts)";
/** A call ends when it answered, 115 days after its start at the most: past that a sum of microseconds may wrap. */
const ENDED = `${STARTED} + toInt64(round(least(ifNull(duration_ms, 0), 1e10) * 1000))`;

/** What is kept of a session beside the numbers of every sum, made of calls. */
const OWN = {
  steps: "count()",
  retries: "countIf(type = 'llm' AND attempt > 1)",
  started_us: `min(${STARTED})`,
  ended_us: `max(${ENDED})`,
  agents: `arraySlice(arraySort(groupUniqArrayIf(agent, agent != '')), 1, ${MAX_AGENTS + 1})`,
} as const;
const OWN_NAMES = Object.keys(OWN) as (keyof typeof OWN)[];

/** Columns of `session_days` that hold values, in the order of `sessionOfCalls`. */
export const SESSION_VALUE_COLUMNS = `${measureColumns(SESSION_NUMBERS)}, ${OWN_NAMES.join(", ")}`;

const words = (text: string): readonly string[] => text.split(" ");
/** Every column of a call that a session is made of. */
export const SESSION_COLUMNS_OF_CALLS = [
  ...words("project_id bucket ts type agent session trace_id status attempt duration_ms has_usage"),
  ...words("input_tokens cache_read_tokens cache_write_5m_tokens cache_write_1h_tokens"),
  ...words("output_tokens reasoning_tokens cost_usd cost_status counted"),
];
/** What of it sessions are ranked by cost with. */
export const COST_COLUMNS_OF_CALLS = words(
  "project_id bucket ts session trace_id cost_usd counted",
);

/** Names of a session and its key, made of a call. */
export const SESSION_NAMES_OF_CALLS = `session, ${TRACE} AS trace, ${SESSION_KEY} AS key`;

/** A session's values of some calls, named `m_…`. */
export const SESSION_OF_CALLS = `${innerMeasures(SESSION_NUMBERS)}, ${OWN_NAMES.map(
  (name) => `${OWN[name]} AS m_${name}`,
).join(", ")}`;
/** The same of one row, as it is. */
export const SESSION_OF_ROW = [
  ...SESSION_NUMBERS.map((name) => `${MEASURES[name].column} AS m_${name}`),
  ...OWN_NAMES.map((name) => `${name} AS m_${name}`),
].join(", ");
/** A number of a session that sessions are sorted by: made of calls, its column, and how two of them merge. */
interface SortPart {
  calls: string;
  days: string;
  merge: "sum" | "min" | "max";
}
const cost: SortPart = {
  calls: "ifNull(sum(cost_usd), 0)",
  days: "ifNull(cost_usd, 0)",
  merge: "sum",
};
const unknown = numberPart("unknownCosts");
const started: SortPart = { calls: OWN.started_us, days: "started_us", merge: "min" };
const ended: SortPart = { calls: OWN.ended_us, days: "ended_us", merge: "max" };
const steps: SortPart = { calls: OWN.steps, days: "steps", merge: "sum" };

/**
 * What sessions are sorted by: the numbers it takes, as `a` and `b`, the value made of them, and its type. A cost of
 * which nothing is known is null, as the answer says it.
 */
export const SESSION_SORTS = {
  cost: { parts: [cost, unknown], value: "if(a = 0 AND b > 0, NULL, a)", type: "Decimal(38, 15)" },
  started: { parts: [started], value: "a", type: "Int64" },
  duration: { parts: [started, ended], value: "b - a", type: "Int64" },
  calls: { parts: [numberPart("calls")], value: "a", type: "UInt64" },
  steps: { parts: [steps], value: "a", type: "UInt64" },
  errors: { parts: [numberPart("errors")], value: "a", type: "UInt64" },
} as const satisfies Record<string, { parts: readonly SortPart[]; value: string; type: string }>;
/** SQL: the order of sessions by their numbers `a` and `b`. What has no value comes last in both directions. */
export function sessionOrder(sort: SessionSort, direction: "asc" | "desc"): string {
  const { value } = SESSION_SORTS[sort];
  return `isNull(${value}), ${value} ${direction}, key`;
}

/** The last session of a page: its sorted value as text (null: not known), and its key, which breaks ties. */
export const afterSessionParam = z.object({ value: z.string().nullable(), key: z.string() });

/** Keys after the page's last one, in the order above. */
export function afterSessionSql(page: {
  after: z.output<typeof afterSessionParam> | null;
  sort: SessionSort;
  direction: "asc" | "desc";
}): SqlPart {
  const { after, sort, direction } = page;
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
export type SessionSort = keyof typeof SESSION_SORTS;
export const SESSION_SORT_NAMES = Object.keys(SESSION_SORTS) as SessionSort[];

function numberPart(name: "calls" | "errors" | "unknownCosts"): SortPart {
  return { calls: MEASURES[name].inner, days: MEASURES[name].column, merge: "sum" };
}

const count = z.union([z.int(), z.string()]).transform(Number);

/** A session's values in one place: of some calls, or of one row. */
export const sessionCell = z.object({
  ...cellColumns,
  project_id: z.string(),
  session: z.string(),
  trace: z.string(),
  session_key: z.string(),
  m_retries: count,
  m_steps: count,
  m_started_us: count,
  m_ended_us: count,
  m_agents: z.array(z.string()),
});

/** One session's values. */
export const sessionRow = measuresRow.extend({
  project_id: z.string(),
  session: z.string(),
  trace: z.string(),
  steps: count,
  retries: count,
  started_us: count,
  ended_us: count,
  /** Ascending, `MAX_AGENTS` + 1 at the most. */
  agents: z.array(z.string()),
});
