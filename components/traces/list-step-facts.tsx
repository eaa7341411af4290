import type { ReactNode } from "react";
import { type CostStep, type CostTree, durationOf } from "@/components/traces/cost-tree";
import { percent } from "@/components/traces/list-marks";
import { StepCost } from "@/components/traces/step-cost";
import { formatCallCost, formatCount, formatDuration, formatShare } from "@/lib/format";
import type { TreeNode } from "@/lib/traces/trace-schemas";

export interface StepFact {
  name: string;
  value: ReactNode;
}

/** What is known of a step, in the order a person asks for it. What it did not say is left out. */
export function listStepFacts(step: CostStep, tree: CostTree): StepFact[] {
  const { node } = step;
  return [
    ...costFacts(step, tree),
    {
      name: "Began",
      value: `${formatDuration(step.startMs - tree.startMs)} after the beginning`,
    },
    fact("Duration", step.endMs === null ? null : formatDuration(durationOf(step))),
    fact("First token", duration(node?.time_to_first_token_ms ?? null)),
    fact("Agent", step.agent),
    fact("Model", modelOf(step)),
    ...(node === null ? [] : tokenFacts(node)),
  ].filter((entry) => entry !== null);
}

function fact(name: string, value: ReactNode | null): StepFact | null {
  return value === null ? null : { name, value };
}

function duration(ms: number | null): string | null {
  return ms === null ? null : formatDuration(ms);
}

function modelOf({ model, node }: CostStep): string | null {
  if (model === null) return null;
  return node?.provider ? `${model} · ${node.provider}` : model;
}

function costFacts(step: CostStep, tree: CostTree): StepFact[] {
  const share = formatShare(step.totalUsd ?? 0n, tree.totalUsd ?? 0n);
  const shareWords = share && <span className="text-ink-muted"> · {share} of the session</span>;
  const isPart = step.node?.cost_status === "partial";
  if (step.children.length === 0) {
    const cost = (
      <>
        <StepCost usd={step.ownUsd} isAtLeast={isPart || step.kind === "more"} />
        {shareWords}
      </>
    );
    return [{ name: "Cost", value: cost }];
  }
  const total = (
    <>
      <StepCost usd={step.totalUsd} isAtLeast={step.isAtLeast} />
      {shareWords}
    </>
  );
  return [
    { name: "With all below it", value: total },
    { name: "Its own", value: <StepCost usd={step.ownUsd} isAtLeast={isPart} /> },
    { name: "Model calls", value: formatCount(step.calls) },
    { name: "Tokens in, all", value: formatCount(step.inputTokens) },
    { name: "Tokens out, all", value: formatCount(step.outputTokens) },
  ];
}

function tokenFacts({ tokens, context, cache_saving_usd: saving }: TreeNode): (StepFact | null)[] {
  const part = (name: string, count: number) => fact(name, count > 0 ? formatCount(count) : null);
  const facts: (StepFact | null)[] = tokens
    ? [
        { name: "Tokens in", value: formatCount(tokens.input) },
        part("from the cache", tokens.cache_read),
        part("into the cache", tokens.cache_write),
        { name: "Tokens out", value: formatCount(tokens.output) },
        part("reasoned", tokens.reasoning),
      ]
    : [];
  if (saving !== null && saving !== "0") facts.push({ name: "Cache", value: sayCache(saving) });
  if (context) {
    facts.push({ name: "Turn of its agent", value: formatCount(context.turn) });
    if (context.window_share !== null) {
      facts.push({ name: "Of the window", value: percent(context.window_share) });
    }
  }
  return facts;
}

function sayCache(saving: string): string {
  return saving.startsWith("-")
    ? `cost ${formatCallCost(saving.slice(1))} more than it saved`
    : `saved ${formatCallCost(saving)}`;
}
