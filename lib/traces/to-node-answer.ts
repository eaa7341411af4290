import type { Repetition } from "@/lib/traces/mark-repetition";
import type { ContextTurn } from "@/lib/traces/measure-context";
import { formatOptional, formatUs, toMoney, toMore } from "@/lib/traces/to-money";
import type { TreeNode } from "@/lib/traces/trace-schemas";
import type { LedgerRow, Step, StepTotals } from "@/lib/traces/tree-step";

/** A step in the contract's words. */
export function toNodeAnswer(
  step: Step,
  tree: Repetition & {
    more: ReadonlyMap<Step | null, StepTotals>;
    turns: ReadonlyMap<Step, ContextTurn>;
  },
): TreeNode {
  const { row, totals } = step;
  const whole = toMoney(totals);
  const below = tree.more.get(step);
  return {
    id: step.id,
    parent_id: step.parent?.id ?? null,
    depth: step.depth,
    kind: step.kind,
    name: step.name,
    agent: sent(step.agent),
    provider: sent(row?.provider),
    model: sent(row?.model || row?.requestedModel),
    trace_id: sent(step.traceId),
    span_id: sent(step.spanId),
    status: step.status,
    error_type: sent(step.errorType),
    started_at: formatUs(step.startUs),
    duration_ms: step.endUs === null ? null : (step.endUs - step.startUs) / 1000,
    is_orphan: step.isOrphan,
    repeat_count: step.repeatCount,
    ...ownFields(row),
    total_cost_usd: whole.cost_usd,
    is_at_least: whole.is_at_least,
    total_calls: totals.calls,
    total_steps: totals.steps,
    total_errors: totals.errors,
    total_input_tokens: totals.inputTokens,
    total_output_tokens: totals.outputTokens,
    child_count: step.children.length,
    more: below ? toMore(below) : null,
    ...marksOf(step, tree),
  };
}

/** What its event says; of a span without one, that it costs nothing. */
function ownFields(row: LedgerRow | null) {
  const counted = row?.counted ?? false;
  return {
    call_id: row?.id ?? null,
    time_to_first_token_ms: row?.timeToFirstTokenMs ?? null,
    attempt: row && row.attempt > 0 ? row.attempt : null,
    counted,
    tokens: counted ? (row?.tokens ?? null) : null,
    cost_usd: row?.counted ? formatOptional(row.costFemto) : "0",
    cost_status: row?.costStatus ?? null,
    cost_reason: sent(row?.costReason),
    cache_saving_usd: row?.counted ? formatOptional(row.cacheSavingFemto) : null,
  };
}

function marksOf(
  step: Step,
  { turns, retries, loops }: Repetition & { turns: ReadonlyMap<Step, ContextTurn> },
): Pick<TreeNode, "retry" | "loop" | "context"> {
  const turn = turns.get(step);
  const loop = loops.get(step);
  return {
    retry: retries.has(step) ? { of: retries.get(step)?.id ?? null } : null,
    loop: loop ? { ...loop } : null,
    context: turn
      ? {
          turn: turn.turn,
          window_tokens: turn.windowTokens,
          window_share: turn.windowShare,
          growth: turn.growth,
          is_growing: turn.isGrowing,
        }
      : null,
  };
}

function sent(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}
