import { queryOptions } from "@tanstack/react-query";
import type { SeenAgent } from "@/components/kill-switches/list-targets";
import { requestJson } from "@/lib/api-client";

interface AgentsAnswer {
  rows: { project: string; agent: string | null; cost_usd: string | null; calls: number }[];
}

const DAY_MS = 86_400_000;

/** Agents that had a call in the last 24 hours, dearest first (`GET /api/spend`). @param nowMs to the minute */
export function seenAgentsQuery(project: string, nowMs: number) {
  const query = new URLSearchParams({
    project,
    from: new Date(nowMs - DAY_MS).toISOString(),
    to: new Date(nowMs).toISOString(),
    interval: "total",
    group_by: "project,agent",
    figures: "cost_usd,calls",
    limit: "200",
  });
  return queryOptions({
    queryKey: ["seen-agents", query.toString()],
    queryFn: async ({ signal }): Promise<SeenAgent[]> => {
      const { rows } = await requestJson<AgentsAnswer>("/api/spend", { query, signal });
      return rows.map(({ agent, cost_usd, ...row }) => ({
        ...row,
        agent: agent === "" ? null : agent,
        costUsd: cost_usd,
      }));
    },
  });
}
