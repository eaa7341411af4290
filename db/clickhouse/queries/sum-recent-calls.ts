import { z } from "zod";
import { filteredParams, fromCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { IS_OF_SESSION, SESSION_KEY } from "@/db/clickhouse/session-columns";

const usd = z.string().regex(/^-?\d+(\.\d+)?$/);
const count = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/)]).transform(Number);
/** Steps that a guard is asked about: agents and steps are inner nodes of the tree. */
const IS_CALL = "type IN ('llm', 'tool')";
const FIGURES = `count() AS calls, ifNull(sum(cost_usd), 0) AS cost,
  uniqExactIf(${SESSION_KEY}, ${IS_OF_SESSION}) AS sessions,
  toUnixTimestamp64Micro(max(ts)) AS last_us`;
const figures = { calls: count, cost: usd, sessions: count, last_us: count };

/**
 * Model and tool calls, their known cost and the sessions they are of: all together (`is_total`), and by agent, most
 * calls first.
 */
export const sumRecentCalls = defineQuery({
  name: "sum-recent-calls",
  params: scopeParams.extend({ filters: filteredParams.filters, top: z.int() }),
  row: z.object({ agent: z.string(), is_total: count, agents: count, ...figures }),
  sql: ({ top, ...asked }) => {
    const { text, values } = fromCalls(asked, { isCounted: true });
    return {
      text: `SELECT agent, grouping(agent) AS is_total, uniqExact(agent) AS agents, ${FIGURES}
        FROM ${text} AND ${IS_CALL}
        GROUP BY GROUPING SETS ((), (agent))
        ORDER BY is_total DESC, calls DESC, agent LIMIT ${top + 1}`,
      values,
    };
  },
});

/** Who called, by project and agent, most calls first. */
export const listRecentAgents = defineQuery({
  name: "list-recent-agents",
  params: scopeParams.extend({ limit: z.int() }),
  row: z.object({ project_id: z.string(), agent: z.string(), ...figures }),
  sql: ({ limit, ...asked }) => {
    const { text, values } = fromCalls(asked, { isCounted: true });
    return {
      text: `SELECT project_id, agent, ${FIGURES}
        FROM ${text} AND ${IS_CALL}
        GROUP BY project_id, agent
        ORDER BY calls DESC, project_id, agent LIMIT ${limit}`,
      values,
    };
  },
});
