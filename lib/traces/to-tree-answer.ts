import type { FemtoUsd } from "@/lib/money";
import { markRepetition } from "@/lib/traces/mark-repetition";
import { measureContext } from "@/lib/traces/measure-context";
import { type Coordination, measureCoordination } from "@/lib/traces/measure-coordination";
import { nameDearest } from "@/lib/traces/name-dearest";
import { sumAgents } from "@/lib/traces/sum-agents";
import { toAgentAnswer } from "@/lib/traces/to-agent-answer";
import { formatOptional, formatUs, toMoney, toMore } from "@/lib/traces/to-money";
import { toNodeAnswer } from "@/lib/traces/to-node-answer";
import type { SessionTreeAnswer } from "@/lib/traces/trace-schemas";
import { addTotals, noTotals, ownTotals, type Step, type StepTotals } from "@/lib/traces/tree-step";

/** Agents and traces that an answer names. */
const MAX_AGENTS = 200;
const MAX_TRACES = 1_000;

export type TreeAnswer = Omit<SessionTreeAnswer, "session" | "as_of" | "expired_before">;

/**
 * A tree in the contract's words.
 * @param steps in the order of the tree, with their totals
 * @param options.unread sums of events that are of it and not among the steps, as there are too many
 */
export function toTreeAnswer(
  steps: readonly Step[],
  options: {
    limit: number;
    unread: StepTotals;
    windowOf: (provider: string, model: string) => number | null;
  },
): TreeAnswer {
  const { named, more } = nameDearest(steps, options.limit);
  const turns = measureContext(steps, options.windowOf);
  const repetition = markRepetition(steps);
  const coordination = measureCoordination(steps);
  const agents = sumAgents(steps, turns);
  const traces = sumTraces(steps);
  const all = noTotals();
  for (const { totals } of traces.values()) addTotals(all, totals);
  const others = more.get(null) ?? noTotals();
  addTotals(others, options.unread);
  return {
    traces: [...traces].slice(0, MAX_TRACES).map(([traceId, { startUs, totals }]) => ({
      trace_id: traceId === "" ? null : traceId,
      started_at: formatUs(startUs),
      ...toMoney(totals),
      calls: totals.calls,
      steps: totals.steps,
    })),
    trace_count: traces.size,
    cache_saving_usd: formatOptional(
      sumSavings(agents.map(({ cacheSavingFemto }) => cacheSavingFemto)),
    ),
    agents: agents
      .slice(0, MAX_AGENTS)
      .map((sums) =>
        toAgentAnswer(sums, { all, coordination, repetition: countMarks(repetition) }),
      ),
    agent_count: agents.length,
    coordination: agents.length < 2 ? null : toCoordination(coordination),
    retry_count: repetition.retries.size,
    loop_count: repetition.loops.size,
    loop_alike_count: [...repetition.loops.values()].filter(({ evidence }) => evidence === "alike")
      .length,
    node_count: steps.length,
    nodes: named.map((step) => toNodeAnswer(step, { more, turns, ...repetition })),
    more: others.steps === 0 ? null : toMore(others),
  };
}

function sumSavings(savings: readonly (FemtoUsd | null)[]): FemtoUsd | null {
  return savings.reduce((sum, one) => (one === null ? sum : (sum ?? 0n) + one), null);
}

/** In the order of time: roots are in that of their traces. */
function sumTraces(steps: readonly Step[]) {
  const traces = new Map<string, { startUs: number; totals: StepTotals }>();
  for (const step of steps) {
    const sums = traces.get(step.traceId) ?? { startUs: step.startUs, totals: noTotals() };
    traces.set(step.traceId, sums);
    sums.startUs = Math.min(sums.startUs, step.startUs);
    addTotals(sums.totals, ownTotals(step));
  }
  return traces;
}

function countMarks({ retries, loops }: ReturnType<typeof markRepetition>) {
  const marks = new Map<string, { retries: number; loops: number }>();
  const of = (agent: string) => {
    const known = marks.get(agent) ?? { retries: 0, loops: 0 };
    marks.set(agent, known);
    return known;
  };
  for (const step of retries.keys()) of(step.agent).retries += 1;
  for (const step of loops.keys()) of(step.agent).loops += 1;
  return marks;
}

function toCoordination({ tokens, inputTokens, costFemto }: Coordination) {
  return {
    is_estimate: true,
    tokens,
    input_tokens: inputTokens,
    share: inputTokens === 0 ? null : Math.round((tokens / inputTokens) * 10_000) / 10_000,
    cost_usd: formatOptional(costFemto),
  };
}
