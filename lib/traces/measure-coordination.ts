import { divideHalfEven, type FemtoUsd } from "@/lib/money";
import { byTime, type Step } from "@/lib/traces/tree-step";

/** What sub-agents re-read of what others wrote. */
export interface Coordination {
  tokens: number;
  /** Input of all calls. */
  inputTokens: number;
  /** At each call's price of plain input; null: a call that re-read has no such price. */
  costFemto: FemtoUsd | null;
  byAgent: Map<string, number>;
  /** Agents that ran under the lead of another in some trace. */
  subAgents: Set<string>;
}

/**
 * The lead of a trace is the agent of its first step, in the order of the tree, that has one; every other agent is a
 * sub-agent in it. For a sub-agent's counted call `c` that reported tokens
 *
 *     reread(c) = min(input(c) - cache_read(c), written(c))
 *     written(c) = sum of output(d) over the counted calls d of its trace, of other agents, that ended before c began
 *
 * A call that has no end known ends when it began. Calls of no agent are of the lead. Only counts are known, not which
 * tokens they were, so it is an upper bound, and an answer marks it as an estimate. It is never more than the input that
 * was paid as fresh, and never more than others wrote.
 * @param steps in the order of the tree
 */
export function measureCoordination(steps: readonly Step[]): Coordination {
  const leads = new Map<string, string>();
  const traces = new Map<string, Step[]>();
  const found: Coordination = {
    tokens: 0,
    inputTokens: 0,
    costFemto: 0n,
    byAgent: new Map(),
    subAgents: new Set(),
  };
  for (const step of steps) {
    const { traceId, agent, row } = step;
    if (agent !== "" && !leads.has(traceId)) leads.set(traceId, agent);
    if (agent !== "" && leads.get(traceId) !== agent) found.subAgents.add(agent);
    if (!row?.counted || row.type !== "llm" || !row.tokens) continue;
    const calls = traces.get(traceId);
    if (calls) calls.push(step);
    else traces.set(traceId, [step]);
    found.inputTokens += row.tokens.input;
  }
  for (const [traceId, calls] of traces) measureTrace(calls, leads.get(traceId) ?? "", found);
  return found;
}

function measureTrace(calls: readonly Step[], lead: string, found: Coordination): void {
  const agentOf = (step: Step) => step.agent || lead;
  const byEnd = [...calls].sort((one, two) => endOf(one) - endOf(two) || one.startUs - two.startUs);
  const written = new Map<string, number>();
  let all = 0;
  let ended = 0;
  for (const call of [...calls].sort(byTime)) {
    for (let done = byEnd[ended]; done && endOf(done) <= call.startUs; done = byEnd[++ended]) {
      // One that took no time and begins now has not been before itself.
      if (done.startUs === call.startUs) break;
      const output = done.row?.tokens?.output ?? 0;
      all += output;
      written.set(agentOf(done), (written.get(agentOf(done)) ?? 0) + output);
    }
    const agent = agentOf(call);
    if (agent !== lead) addCall(found, call, agent, all - (written.get(agent) ?? 0));
  }
}

function addCall(found: Coordination, { row }: Step, agent: string, written: number): void {
  const fresh = row?.tokens ? Math.max(0, row.tokens.input - row.tokens.cache_read) : 0;
  const reread = Math.min(fresh, written);
  if (!row || reread === 0) return;
  found.tokens += reread;
  found.byAgent.set(agent, (found.byAgent.get(agent) ?? 0) + reread);
  const { costFemto } = found;
  const { inputRateFemto: rate } = row;
  found.costFemto =
    rate === null || costFemto === null
      ? null
      : costFemto + divideHalfEven(BigInt(reread) * rate, 1_000_000n);
}

function endOf({ startUs, endUs }: Step): number {
  return endUs ?? startUs;
}
