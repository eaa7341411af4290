import { SERIES_SLOTS } from "@/components/charts/palette";
import { percent } from "@/components/traces/list-marks";
import { formatCount, formatTokens } from "@/lib/format";
import type { TreeAgent } from "@/lib/traces/trace-schemas";

/** What an agent without a name is called. */
export const NO_AGENT = "(no agent)";

export interface ContextLine {
  name: string;
  /** By turn. */
  points: ReadonlyMap<number, number>;
}

/** Input tokens by turn, of the agents of the most turns. */
export interface ContextModel {
  lines: readonly ContextLine[];
  /** Every turn that one of the lines has a point at, in order. */
  turns: readonly number[];
  most: number;
  /** Agents there are with turns, drawn or not. */
  agentCount: number;
  /** The one whose prompt became the longest. */
  longest: TreeAgent | null;
}

/** @param agents as the answer has them */
export function prepareContext(agents: readonly TreeAgent[]): ContextModel {
  const withTurns = agents.filter(({ context }) => context !== null);
  const lines = [...withTurns]
    .sort((a, b) => turnsOf(b) - turnsOf(a) || nameOf(a).localeCompare(nameOf(b)))
    .slice(0, SERIES_SLOTS)
    .map((agent) => ({
      name: nameOf(agent),
      points: new Map(
        agent.context?.points.map(({ turn, input_tokens: tokens }) => [turn, tokens]),
      ),
    }));
  const turns = [...new Set(lines.flatMap(({ points }) => [...points.keys()]))].sort(
    (a, b) => a - b,
  );
  const longest = withTurns.reduce<TreeAgent | null>(
    (most, agent) => (most === null || maxOf(agent) > maxOf(most) ? agent : most),
    null,
  );
  const most = Math.max(0, ...lines.flatMap(({ points }) => [...points.values()]));
  return { lines, turns, most, agentCount: withTurns.length, longest };
}

/** The chart in one sentence. */
export function summariseContext({ longest, lines, agentCount }: ContextModel): string {
  if (!longest?.context) return "No call reported how long its prompt was.";
  const { first_input_tokens: first, max_input_tokens: max, turns } = longest.context;
  const share = longest.context.max_window_share;
  const window = share === null ? "" : `, ${percent(share)} of its model's window`;
  const shown = agentCount > lines.length ? ` Drawn: ${lines.length} of ${agentCount} agents.` : "";
  const words =
    max > first
      ? `${nameOf(longest)} grew from ${formatTokens(first)} to ${formatTokens(max)} input tokens in ${formatCount(turns)} turns${window}.`
      : `${nameOf(longest)} read at most ${formatTokens(max)} input tokens in a turn${window}.`;
  return `${words}${shown}`;
}

export function nameOf({ agent }: TreeAgent): string {
  return agent ?? NO_AGENT;
}

function turnsOf({ context }: TreeAgent): number {
  return context?.turns ?? 0;
}

function maxOf({ context }: TreeAgent): number {
  return context?.max_input_tokens ?? 0;
}
