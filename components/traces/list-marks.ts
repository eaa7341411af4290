import type { StepMark } from "@/components/traces/cost-tree";
import { formatCallCost, formatCount, formatQuantity } from "@/lib/format";
import { type FemtoUsd, parseUsd } from "@/lib/money";
import type { TreeNode } from "@/lib/traces/trace-schemas";

/** A saving below this part of the whole is told in the step's panel only. */
const SEEN_DIVISOR = 100n;

/** What is worth seeing about a step, worst first. @param wholeUsd what the whole session cost */
export function listMarks(node: TreeNode, wholeUsd: FemtoUsd | null): StepMark[] {
  return [
    failureOf(node),
    loopOf(node),
    retryOf(node),
    growthOf(node),
    priceOf(node),
    savingOf(node, wholeUsd),
    repeatOf(node),
    orphanOf(node),
  ].filter((mark) => mark !== null);
}

function failureOf({ status, error_type: type }: TreeNode): StepMark | null {
  if (status !== "error") return null;
  const label = type?.replaceAll("_", " ") ?? "error";
  return { kind: "error", label, meaning: `It failed: ${label}.` };
}

function loopOf({ loop }: TreeNode): StepMark | null {
  if (!loop) return null;
  if (loop.evidence === "alike") {
    const label = `${formatCount(loop.repeats)} in a row`;
    return { kind: "alike", label, meaning: alikeMeaning(loop.repeats) };
  }
  const what = loop.length === 1 ? "The same step" : `The same ${formatCount(loop.length)} steps`;
  return {
    kind: "loop",
    label: `loop × ${formatCount(loop.repeats)}`,
    meaning: `${what} ran ${formatQuantity(loop.repeats, "time")} in a row.`,
  };
}

/** What is known of calls that may be a loop, and what is not. */
function alikeMeaning(calls: number): string {
  return `${formatQuantity(calls, "call")} of one model came right after one another, with no tool between and no prompt shorter than those before. What they asked was not sent: it may be a loop.`;
}

function retryOf({ retry, attempt }: TreeNode): StepMark | null {
  if (!retry && (attempt ?? 1) < 2) return null;
  const label = attempt !== null && attempt > 1 ? `try ${formatCount(attempt)}` : "retry";
  return { kind: "retry", label, meaning: "It tries again what failed before." };
}

function growthOf({ context }: TreeNode): StepMark | null {
  if (!context?.is_growing) return null;
  const { growth, window_share: share, window_tokens: window } = context;
  const words = [
    growth === null || growth <= 1
      ? null
      : `The prompt is ${growth.toFixed(1)} times as long as in its agent's first turn.`,
    share === null || window === null
      ? null
      : `It fills ${percent(share)} of the model's window of ${formatCount(window)} tokens.`,
  ].filter((word) => word !== null);
  const isFull = share !== null && share > 0.8;
  const label =
    isFull || growth === null ? `window ${percent(share ?? 0)}` : `prompt × ${growth.toFixed(1)}`;
  return { kind: "growth", label, meaning: words.join(" ") };
}

/** A share in whole per cent. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function priceOf({ cost_status: status }: TreeNode): StepMark | null {
  if (status === "partial") {
    return { kind: "unpriced", label: "at least", meaning: "A part of it has no known price." };
  }
  if (status === "invalid_usage") {
    const meaning = "Its counts contradict each other, so no cost can be told from them.";
    return { kind: "unpriced", label: "invalid usage", meaning };
  }
  if (status !== "unpriced") return null;
  return { kind: "unpriced", label: "unpriced", meaning: "Its cost is unknown, and not zero." };
}

function savingOf(node: TreeNode, wholeUsd: FemtoUsd | null): StepMark | null {
  const text = node.cache_saving_usd;
  const saving = text === null ? null : parseUsd(text);
  if (text === null || saving === null || saving <= 0n) return null;
  if (wholeUsd === null || saving * SEEN_DIVISOR < wholeUsd) return null;
  const label = `cache −${formatCallCost(text)}`;
  const meaning = `The cache saved ${formatCallCost(text)}: so much more it would have cost as plain input.`;
  return { kind: "saving", label, meaning };
}

function repeatOf(node: TreeNode): StepMark | null {
  const { repeat_count: count, counted, kind, child_count: below } = node;
  if (count > 0) {
    const meaning = `The same call was reported ${formatQuantity(count, "more time")}. It is counted once, and the others are hidden.`;
    return { kind: "repeats", label: `${formatCount(count)} hidden`, meaning };
  }
  if (counted || (kind !== "llm" && kind !== "tool")) return null;
  const meaning =
    below > 0
      ? "It reports what the steps below it report: the cost is counted there."
      : "It was voided, or is counted elsewhere: it adds up to nothing.";
  return { kind: "repeats", label: "not counted", meaning };
}

function orphanOf({ is_orphan: isOrphan }: TreeNode): StepMark | null {
  if (!isOrphan) return null;
  const meaning = "The step above it, which it names, never came: it stands at the top instead.";
  return { kind: "orphan", label: "no parent", meaning };
}
