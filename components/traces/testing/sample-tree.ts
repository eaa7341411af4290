import type { CostTree } from "@/components/traces/cost-tree";
import { toCostTree } from "@/components/traces/to-cost-tree";
import { formatUsd, parseUsd } from "@/lib/money";
import type { TreeNode } from "@/lib/traces/trace-schemas";

/** A step of a test's tree: what it costs itself, and what is below it. */
export interface SampleStep extends Partial<Omit<TreeNode, "id" | "name">> {
  name: string;
  /** Its own, in dollars; default "0". */
  usd?: string | null;
  below?: SampleStep[];
}

const START = Date.parse("2026-11-20T10:00:00Z");

/** A tree as the API would answer it. Names are ids too; each step begins a second after the one before it. */
export function sampleTree(...roots: SampleStep[]): CostTree {
  const nodes: TreeNode[] = [];
  const whole = roots.reduce((sum, root) => sum + push(nodes, root, null, 0), 0n);
  return toCostTree(
    { nodes, more: null },
    {
      started_at: new Date(START).toISOString(),
      ended_at: new Date(START + nodes.length * 1_000).toISOString(),
      cost_usd: formatUsd(whole),
    },
  );
}

/** @returns what it comes to with all below it, in femto-dollars */
function push(
  nodes: TreeNode[],
  { below = [], usd = "0", ...over }: SampleStep,
  parentId: string | null,
  depth: number,
): bigint {
  const isInner = below.length > 0;
  const id = `${nodes.length}`;
  const node: TreeNode = {
    id,
    parent_id: parentId,
    depth,
    kind: isInner ? "agent" : "llm",
    agent: isInner ? over.name : null,
    provider: null,
    model: isInner ? null : over.name,
    trace_id: null,
    span_id: null,
    call_id: null,
    status: "ok",
    error_type: null,
    started_at: new Date(START + nodes.length * 1_000).toISOString(),
    duration_ms: 1_000,
    time_to_first_token_ms: null,
    attempt: null,
    counted: !isInner,
    repeat_count: 0,
    is_orphan: false,
    tokens: null,
    cost_usd: usd,
    cost_status: usd === null ? "unpriced" : "priced",
    cost_reason: null,
    total_cost_usd: usd,
    is_at_least: usd === null,
    total_calls: isInner ? 0 : 1,
    total_steps: 1,
    total_errors: 0,
    total_input_tokens: 0,
    total_output_tokens: 0,
    child_count: below.length,
    more: null,
    cache_saving_usd: null,
    retry: null,
    loop: null,
    context: null,
    ...over,
  };
  nodes.push(node);
  const own = usd === null ? 0n : (parseUsd(usd) ?? 0n);
  const total = below.reduce((sum, step) => sum + push(nodes, step, id, depth + 1), own);
  if (isInner || usd !== null) node.total_cost_usd = formatUsd(total);
  return total;
}
