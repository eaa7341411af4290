import { z } from "zod";
import {
  innerMeasures,
  MEASURES,
  measureColumns,
  measuresRow,
  NUMBERS,
  outerMeasures,
  rolledMeasures,
} from "@/db/clickhouse/measures";

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
const SESSION_NUMBERS = NUMBERS.filter(
  (name) => name !== "retries" && name !== "retryCostUsd" && name !== "unknownRetryCosts",
);

const STARTED = "toUnixTimestamp64Micro(ts)";
/** A call ends when it answered, 115 days after its start at the most: past that a sum of microseconds may wrap. */
const ENDED = `${STARTED} + toInt64(round(least(ifNull(duration_ms, 0), 1e10) * 1000))`;
const few = (sets: string): string => `arraySlice(arraySort(${sets}), 1, ${MAX_AGENTS + 1})`;

/**
 * What is kept of a session beside the numbers of every sum: `calls` makes it of calls, `days` of rows of
 * `session_days`, `cells` of either.
 */
const OWN = {
  steps: { calls: "count()", days: "sum(steps)", cells: "sum(m_steps)" },
  retries: {
    calls: "countIf(type = 'llm' AND attempt > 1)",
    days: "sum(retries)",
    cells: "sum(m_retries)",
  },
  started_us: { calls: `min(${STARTED})`, days: "min(started_us)", cells: "min(m_started_us)" },
  ended_us: { calls: `max(${ENDED})`, days: "max(ended_us)", cells: "max(m_ended_us)" },
  agents: {
    calls: few("groupUniqArrayIf(agent, agent != '')"),
    days: few("groupUniqArrayArray(agents)"),
    cells: few("groupUniqArrayArray(m_agents)"),
  },
} as const;
const OWN_NAMES = Object.keys(OWN) as (keyof typeof OWN)[];

/** Columns of `session_days` that hold values, in the order of `sessionOfCalls`. */
export const SESSION_VALUE_COLUMNS = `${measureColumns(SESSION_NUMBERS)}, ${OWN_NAMES.join(", ")}`;

/** Names of a session and its key, made of a call. */
export const SESSION_NAMES_OF_CALLS = `session, ${TRACE} AS trace, ${SESSION_KEY} AS key`;

/** A session's values of some calls, named `m_…`. */
export const SESSION_OF_CALLS = `${innerMeasures(SESSION_NUMBERS)}, ${own("calls")}`;
/** The same of some rows of `session_days`. */
export const SESSION_OF_DAYS = `${rolledMeasures(SESSION_NUMBERS)}, ${own("days")}`;
/** The values of both merged, under the names of `sessionRow`. */
export const SESSION_OF_CELLS = `${outerMeasures(SESSION_NUMBERS)}, ${OWN_NAMES.map(
  (name) => `${OWN[name].cells} AS ${name}`,
).join(", ")}`;

function own(source: "calls" | "days"): string {
  return OWN_NAMES.map((name) => `${OWN[name][source]} AS m_${name}`).join(", ");
}

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
const started: SortPart = { calls: OWN.started_us.calls, days: "started_us", merge: "min" };
const ended: SortPart = { calls: OWN.ended_us.calls, days: "ended_us", merge: "max" };
const steps: SortPart = { calls: OWN.steps.calls, days: "steps", merge: "sum" };

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
export type SessionSort = keyof typeof SESSION_SORTS;
export const SESSION_SORT_NAMES = Object.keys(SESSION_SORTS) as SessionSort[];

function numberPart(name: "calls" | "errors" | "unknownCosts"): SortPart {
  return { calls: MEASURES[name].inner, days: MEASURES[name].column, merge: "sum" };
}

const count = z.union([z.int(), z.string()]).transform(Number);

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
