import type { ClickHouse } from "@/db/clickhouse/client";
import { sumRecentCalls } from "@/db/clickhouse/queries/sum-recent-calls";
import type { SwitchTarget } from "@/db/queries/kill-switches";
import type { SwitchStops } from "@/lib/kill-switches/kill-switch-schemas";
import { formatUsd, parseUsd } from "@/lib/money";

/** What counts as going on now. */
export const RECENT_MS = 15 * 60_000;
/** Clocks of agents run ahead. */
const AHEAD_MS = 60_000;
const TOP_AGENTS = 20;

/** The last quarter of an hour, in microseconds since 1970. */
export function recentRange(nowMs: number): { fromUs: number; toUs: number } {
  return { fromUs: (nowMs - RECENT_MS) * 1000, toUs: (nowMs + AHEAD_MS) * 1000 };
}

/**
 * What a switch stops, judged by the calls of the last quarter of an hour.
 * @param projectIds the projects that the reader may see
 * @throws QueryFailedError where the calls cannot be asked
 */
export async function countStopped(
  clickhouse: ClickHouse,
  { scope, projectId, value }: SwitchTarget,
  projectIds: readonly string[],
  nowMs: number,
): Promise<SwitchStops> {
  const asked = projectId === null ? [...projectIds] : [projectId];
  const filters = value === null ? [] : [{ dimension: scope, values: [value] }];
  const rows = await sumRecentCalls(clickhouse, {
    projectIds: asked,
    ...recentRange(nowMs),
    filters,
    top: TOP_AGENTS,
  });
  const total = rows.find(({ is_total }) => is_total === 1);
  return {
    calls: total?.calls ?? 0,
    cost_usd: total ? plainUsd(total.cost) : "0",
    agents: rows
      .filter(({ is_total }) => is_total === 0)
      .map(({ agent, calls }) => ({ agent: agent || null, calls })),
    agents_count: total?.agents ?? 0,
    running_sessions: total?.sessions ?? 0,
  };
}

/** A sum of the calls' store as it is answered. @throws RangeError where it is no amount */
export function plainUsd(text: string): string {
  const femtoUsd = parseUsd(text);
  if (femtoUsd === null) throw new RangeError(`not an amount of money: ${text}`);
  return formatUsd(femtoUsd);
}
