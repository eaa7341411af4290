import type { CostStep, CostTree } from "@/components/traces/cost-tree";
import { listMarks } from "@/components/traces/list-marks";
import { printableName } from "@/components/traces/printable-name";
import { formatQuantity } from "@/lib/format";
import { type FemtoUsd, parseUsd } from "@/lib/money";
import type { SessionAnswer } from "@/lib/sessions/session-schemas";
import type { SessionTreeAnswer, TreeNode } from "@/lib/traces/trace-schemas";

type MoreSteps = NonNullable<TreeNode["more"]>;

interface DrawnStep extends CostStep {
  children: number[];
}

/**
 * The answer's flat list as a tree of places. What it sums up instead of naming it is a step of its own, last where it
 * hangs: branches add up to what is above them.
 * @param figures of it all: when it began and ended, and what it cost
 */
export function toCostTree(
  { nodes, more }: Pick<SessionTreeAnswer, "nodes" | "more">,
  figures: Pick<SessionAnswer, "started_at" | "ended_at" | "cost_usd">,
): CostTree {
  const totalUsd = readUsd(figures.cost_usd);
  const steps: DrawnStep[] = [];
  const roots: number[] = [];
  const places = new Map<string, number>();
  const hang = (step: DrawnStep) => {
    const place = steps.push(step) - 1;
    const siblings = step.parent === null ? roots : steps[step.parent]?.children;
    siblings?.push(place);
    return place;
  };
  const rests: { parent: number; more: MoreSteps }[] = [];
  for (const node of nodes) {
    const parent = node.parent_id === null ? null : (places.get(node.parent_id) ?? null);
    const place = hang(toStep(node, parent, totalUsd));
    places.set(node.id, place);
    if (node.more) rests.push({ parent: place, more: node.more });
  }
  for (const rest of rests) hang(toRest(rest.more, rest.parent, steps[rest.parent]));
  const startMs = Date.parse(figures.started_at);
  if (more) hang(toRest(more, null, undefined, startMs));
  return { steps, roots, startMs, endMs: Date.parse(figures.ended_at), totalUsd };
}

function toStep(node: TreeNode, parent: number | null, wholeUsd: FemtoUsd | null): DrawnStep {
  const startMs = Date.parse(node.started_at);
  return {
    parent,
    children: [],
    key: node.id,
    kind: node.kind,
    name: printableName(node.name),
    agent: node.agent === null ? null : printableName(node.agent),
    model: node.model,
    startMs,
    endMs: node.duration_ms === null ? null : startMs + node.duration_ms,
    ownUsd: readUsd(node.cost_usd),
    totalUsd: readUsd(node.total_cost_usd),
    isAtLeast: node.is_at_least,
    isFailed: node.status === "error",
    calls: node.total_calls,
    inputTokens: node.total_input_tokens,
    outputTokens: node.total_output_tokens,
    marks: listMarks(node, wholeUsd),
    node,
  };
}

function toRest(
  more: MoreSteps,
  parent: number | null,
  above: CostStep | undefined,
  startMs = above?.startMs ?? 0,
): DrawnStep {
  const totalUsd = readUsd(more.cost_usd);
  return {
    parent,
    children: [],
    key: `${above?.key ?? ""}:more`,
    kind: "more",
    name: `${formatQuantity(more.steps, "more step")}, cheaper than those shown`,
    agent: above?.agent ?? null,
    model: null,
    startMs,
    endMs: null,
    ownUsd: totalUsd,
    totalUsd,
    isAtLeast: more.is_at_least,
    isFailed: false,
    calls: more.calls,
    inputTokens: 0,
    outputTokens: 0,
    marks: [],
    node: null,
  };
}

/** @throws RangeError for what is no decimal: a made-up figure would be worse than a broken page */
export function readUsd(text: string | null): FemtoUsd | null {
  if (text === null) return null;
  const usd = parseUsd(text);
  if (usd === null) throw new RangeError(`not a plain decimal of dollars: ${text}`);
  return usd;
}
