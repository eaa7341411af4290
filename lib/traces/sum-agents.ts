import type { FemtoUsd } from "@/lib/money";
import type { ContextTurn } from "@/lib/traces/measure-context";
import {
  addTotals,
  byText,
  noTotals,
  ownTotals,
  type Step,
  type StepTokens,
  type StepTotals,
} from "@/lib/traces/tree-step";

/** What one agent did and cost. */
export interface AgentSums {
  /** "" for steps of no agent. */
  agent: string;
  /** The agent above its first step; "" for none. */
  parentAgent: string;
  /** Of its own steps: these add up to the whole. */
  own: StepTotals;
  /** Of everything under its steps, once, its own included. */
  total: StepTotals;
  tokens: StepTokens;
  /** null: no step of it used a cache at known prices. */
  cacheSavingFemto: FemtoUsd | null;
  turns: ContextTurn[];
}

/**
 * Sums by agent, dearest first by their own steps. A total is taken of an agent's topmost steps, so that one which calls
 * itself is not counted twice.
 * @param steps in the order of the tree, with their totals
 */
export function sumAgents(
  steps: readonly Step[],
  turns: ReadonlyMap<Step, ContextTurn>,
): AgentSums[] {
  const agents = new Map<string, AgentSums>();
  const under = new Map<string, number>();
  const open: Step[] = [];
  const leave = (depth: number) => {
    while (open.length > depth) {
      const agent = open.pop()?.agent ?? "";
      under.set(agent, (under.get(agent) ?? 1) - 1);
    }
  };
  for (const step of steps) {
    leave(step.depth);
    const sums = agents.get(step.agent) ?? noSums(step);
    agents.set(step.agent, sums);
    const depthOfAgent = under.get(step.agent) ?? 0;
    if (depthOfAgent === 0) addTotals(sums.total, step.totals);
    under.set(step.agent, depthOfAgent + 1);
    open.push(step);
    addOwn(sums, step, turns.get(step));
  }
  return [...agents.values()].sort(byCost);
}

function noSums({ agent, parent }: Step): AgentSums {
  return {
    agent,
    // A step without an agent of its own has that of the one above, so the first one's parent is of another.
    parentAgent: parent?.agent ?? "",
    own: noTotals(),
    total: noTotals(),
    tokens: { input: 0, cache_read: 0, cache_write: 0, output: 0, reasoning: 0 },
    cacheSavingFemto: null,
    turns: [],
  };
}

function addOwn(sums: AgentSums, step: Step, turn: ContextTurn | undefined): void {
  addTotals(sums.own, ownTotals(step));
  if (turn) sums.turns.push(turn);
  const { row } = step;
  if (!row?.counted) return;
  if (row.tokens) {
    sums.tokens.input += row.tokens.input;
    sums.tokens.cache_read += row.tokens.cache_read;
    sums.tokens.cache_write += row.tokens.cache_write;
    sums.tokens.output += row.tokens.output;
    sums.tokens.reasoning += row.tokens.reasoning;
  }
  if (row.cacheSavingFemto !== null) {
    sums.cacheSavingFemto = (sums.cacheSavingFemto ?? 0n) + row.cacheSavingFemto;
  }
}

function byCost(one: AgentSums, two: AgentSums): number {
  const [a, b] = [one.own.costFemto, two.own.costFemto];
  return a === b ? byText(one.agent, two.agent) : a > b ? -1 : 1;
}
