import { listRuns } from "@/lib/traces/mark-repetition";
import type { Step } from "@/lib/traces/tree-step";

/** A call's input beside what came before it. */
export interface ContextTurn {
  /** From 1: which call of its agent's run. */
  turn: number;
  inputTokens: number;
  /** null: not known of this model. */
  windowTokens: number | null;
  windowShare: number | null;
  growth: number | null;
  isGrowing: boolean;
}

const GROWTH = 2;
/** Twice of little is little. */
const GROWN_TOKENS = 8_000;
const FULL_SHARE = 0.8;

/**
 * How the input grows, call by call of each run of an agent (`listRuns`): its share of the model's window, and how many
 * times the run's first input it is. Marked (`isGrowing`) from twice the first turn on, past 8,000 tokens, and from 80 %
 * of the window on. Only counted calls that reported input have one.
 * @param windowOf tokens that a model takes; null where the catalogue does not say
 */
export function measureContext(
  steps: readonly Step[],
  windowOf: (provider: string, model: string) => number | null,
): Map<Step, ContextTurn> {
  const turns = new Map<Step, ContextTurn>();
  for (const run of listRuns(steps)) {
    let turn = 0;
    let first = 0;
    for (const step of run) {
      const { row } = step;
      if (!row?.counted || row.type !== "llm" || !row.tokens) continue;
      turn += 1;
      const inputTokens = row.tokens.input;
      if (turn === 1) first = inputTokens;
      const windowTokens = windowOf(row.provider, row.model || row.requestedModel);
      const windowShare = windowTokens === null ? null : ratio(inputTokens, windowTokens);
      const growth = first === 0 ? null : ratio(inputTokens, first);
      const isGrown = turn > 1 && inputTokens > GROWN_TOKENS && inputTokens >= GROWTH * first;
      const isGrowing = isGrown || (windowShare !== null && windowShare >= FULL_SHARE);
      turns.set(step, { turn, inputTokens, windowTokens, windowShare, growth, isGrowing });
    }
  }
  return turns;
}

/** Four digits: it is shown as per cent. */
function ratio(part: number, whole: number): number {
  return Math.round((part / whole) * 10_000) / 10_000;
}
