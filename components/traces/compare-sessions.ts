import type { CostStep, CostTree } from "@/components/traces/cost-tree";
import { formatChangeShare } from "@/lib/change";
import { formatCallCost, formatCostSum, formatQuantity } from "@/lib/format";
import { type FemtoUsd, formatUsd } from "@/lib/money";

/** What steps of one name came to, in one session. Money in femto-dollars, time in ms. */
export interface StepSums {
  /** null: nothing is known of it. */
  usd: FemtoUsd | null;
  isAtLeast: boolean;
  calls: number;
  tokens: number;
  durationMs: number;
}

/** One name in two sessions; null where a session has none of it. */
export interface ComparedLine {
  name: string;
  a: StepSums | null;
  b: StepSums | null;
  /** B less A, of what is known. */
  differenceUsd: FemtoUsd;
}

export const COMPARED_BY = [
  { id: "agent", label: "Agent", nameOf: (step: CostStep) => step.agent ?? "(no agent)" },
  { id: "model", label: "Model", nameOf: (step: CostStep) => step.model },
  { id: "step", label: "Step or tool", nameOf: (step: CostStep) => step.name },
] as const;

/** Steps by name in two sessions, what differs most first. Own figures only, so that lines add up. */
export function compareSteps(
  a: CostTree,
  b: CostTree,
  nameOf: (step: CostStep) => string | null,
): ComparedLine[] {
  const sumsA = sumSteps(a, nameOf);
  const sumsB = sumSteps(b, nameOf);
  const names = new Set([...sumsA.keys(), ...sumsB.keys()]);
  return [...names]
    .map((name) => {
      const one = sumsA.get(name) ?? null;
      const other = sumsB.get(name) ?? null;
      return { name, a: one, b: other, differenceUsd: (other?.usd ?? 0n) - (one?.usd ?? 0n) };
    })
    .sort((one, other) => {
      const by = size(other.differenceUsd) - size(one.differenceUsd);
      if (by !== 0n) return by > 0n ? 1 : -1;
      return one.name < other.name ? -1 : 1;
    });
}

/** An inner step's time is that of the steps below it: only what does the work is added up. */
function sumSteps(tree: CostTree, nameOf: (step: CostStep) => string | null) {
  const sums = new Map<string, StepSums>();
  for (const step of tree.steps) {
    const name = nameOf(step);
    if (name === null) continue;
    const before = sums.get(name) ?? EMPTY;
    const isLeaf = step.children.length === 0;
    const { node } = step;
    sums.set(name, {
      usd: step.ownUsd === null ? before.usd : (before.usd ?? 0n) + step.ownUsd,
      isAtLeast: before.isAtLeast || isPart(step),
      calls: before.calls + (step.kind === "more" ? step.calls : isCall(step) ? 1 : 0),
      tokens: before.tokens + (node?.tokens ? node.tokens.input + node.tokens.output : 0),
      durationMs:
        before.durationMs + (isLeaf && step.endMs !== null ? step.endMs - step.startMs : 0),
    });
  }
  return sums;
}

const EMPTY: StepSums = { usd: null, isAtLeast: false, calls: 0, tokens: 0, durationMs: 0 };

function isCall({ kind, node }: CostStep): boolean {
  return kind === "llm" && (node?.counted ?? false);
}

/** Its own cost is not, or not wholly, known. */
function isPart({ ownUsd, node, isAtLeast }: CostStep): boolean {
  return ownUsd === null || node?.cost_status === "partial" || (node === null && isAtLeast);
}

function size(usd: FemtoUsd): FemtoUsd {
  return usd < 0n ? -usd : usd;
}

/** So much of the difference is worth a name, in per cent of it. */
const WORTH_NAMING = 20n;

/** What moved, in words: the difference, then the names that made most of it. */
export function sayMoved(
  a: CostTree,
  b: CostTree,
  byAgent: readonly ComparedLine[],
  byModel: readonly ComparedLine[],
): string {
  if (a.totalUsd === null || b.totalUsd === null) {
    return "The cost of one of them is not known, so nobody can say by how much they differ.";
  }
  const difference = b.totalUsd - a.totalUsd;
  if (difference === 0n) return `Both cost the same: ${formatCostSum(formatUsd(a.totalUsd))}.`;
  const share = formatChangeShare(difference, a.totalUsd);
  const word = difference > 0n ? "more" : "less";
  const amount = formatCallCost(formatUsd(size(difference)));
  const first = `B cost ${amount}${share === null ? "" : ` (${share})`} ${word} than A.`;
  const names = [nameMoved(byAgent, difference), nameMoved(byModel, difference)];
  const most = names.filter((name) => name !== null);
  return most.length === 0 ? first : `${first} Most of it: ${most.join("; ")}.`;
}

/** The one name that moved the difference most, if it is worth naming. */
function nameMoved(lines: readonly ComparedLine[], difference: FemtoUsd): string | null {
  const [line] = lines.filter(({ differenceUsd }) => differenceUsd > 0n === difference > 0n);
  if (!line || size(line.differenceUsd) * 100n < size(difference) * WORTH_NAMING) return null;
  const sign = line.differenceUsd > 0n ? "+" : "−";
  const amount = `${line.name} ${sign}${formatCallCost(formatUsd(size(line.differenceUsd)))}`;
  const calls = (line.b?.calls ?? 0) - (line.a?.calls ?? 0);
  if (line.a === null) return `${amount}, only in B`;
  if (line.b === null) return `${amount}, only in A`;
  if (calls === 0) return amount;
  return `${amount}, ${formatQuantity(Math.abs(calls), "call")} ${calls > 0 ? "more" : "fewer"}`;
}
