import type { ContextTurn } from "@/lib/traces/measure-context";
import type { Coordination } from "@/lib/traces/measure-coordination";
import type { AgentSums } from "@/lib/traces/sum-agents";
import { formatOptional, toMoney } from "@/lib/traces/to-money";
import type { TreeAgent } from "@/lib/traces/trace-schemas";
import type { StepTotals } from "@/lib/traces/tree-step";

/** Turns of an agent that are told one by one. */
const MAX_POINTS = 100;

/** What an agent did and cost, in the contract's words. */
export function toAgentAnswer(
  sums: AgentSums,
  tree: {
    all: StepTotals;
    coordination: Coordination;
    repetition: ReadonlyMap<string, { retries: number; loops: number }>;
  },
): TreeAgent {
  const { agent, parentAgent, own, total } = sums;
  const whole = toMoney(total);
  const marks = tree.repetition.get(agent);
  return {
    agent: agent === "" ? null : agent,
    parent_agent: parentAgent === "" ? null : parentAgent,
    is_sub_agent: tree.coordination.subAgents.has(agent),
    calls: own.calls,
    steps: own.steps,
    errors: own.errors,
    ...toMoney(own),
    total_cost_usd: whole.cost_usd,
    is_total_at_least: whole.is_at_least,
    share: shareOf(own.costFemto, tree.all.costFemto),
    tokens: sums.tokens,
    retries: marks?.retries ?? 0,
    loops: marks?.loops ?? 0,
    cache_saving_usd: formatOptional(sums.cacheSavingFemto),
    coordination_tokens: tree.coordination.byAgent.get(agent) ?? 0,
    context: toContext(sums.turns),
  };
}

/** Four digits of it: it is shown as per cent, and is no money. */
function shareOf(part: bigint, whole: bigint): number | null {
  return whole === 0n ? null : Number((part * 10_000n) / whole) / 10_000;
}

function toContext(turns: readonly ContextTurn[]): TreeAgent["context"] {
  const [first] = turns;
  const last = turns.at(-1);
  if (!first || !last) return null;
  let greatest = first;
  let maxShare: number | null = null;
  for (const turn of turns) {
    if (turn.inputTokens > greatest.inputTokens) greatest = turn;
    if (turn.windowShare !== null) maxShare = Math.max(maxShare ?? 0, turn.windowShare);
  }
  return {
    turns: turns.length,
    first_input_tokens: first.inputTokens,
    last_input_tokens: last.inputTokens,
    max_input_tokens: greatest.inputTokens,
    max_window_share: maxShare,
    points: choosePoints(turns, turns.indexOf(greatest)).map((at) => ({
      turn: at + 1,
      input_tokens: turns[at]?.inputTokens ?? 0,
      window_share: turns[at]?.windowShare ?? null,
    })),
  };
}

/** Places of turns, evenly taken; the first, the last and the greatest among them. */
function choosePoints(turns: readonly ContextTurn[], greatest: number): number[] {
  if (turns.length <= MAX_POINTS) return turns.map((_, at) => at);
  const count = MAX_POINTS - 1;
  const even = Array.from({ length: count }, (_, n) =>
    Math.round((n * (turns.length - 1)) / (count - 1)),
  );
  return [...new Set([...even, greatest])].sort((one, two) => one - two);
}
