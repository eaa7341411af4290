import type { TreePlace } from "@/components/traces/flatten-tree";
import type { FemtoUsd } from "@/lib/money";
import type { TreeNode } from "@/lib/traces/trace-schemas";

/** `more` stands for steps that the answer sums up instead of naming them. */
export type StepKind = TreeNode["kind"] | "more";

export type MarkKind =
  | "error"
  | "retry"
  | "loop"
  | "alike"
  | "growth"
  | "saving"
  | "repeats"
  | "unpriced"
  | "orphan";

/** What is worth seeing about a step before it is opened; always words, the icon and colour only repeat them. */
export interface StepMark {
  kind: MarkKind;
  /** Short, for the row: `try 3`. */
  label: string;
  /** One sentence, for the panel and on hover. */
  meaning: string;
}

/** One step of a session as its screens draw it. Money in femto-dollars, instants in ms since 1970. */
export interface CostStep extends TreePlace {
  /** Its name in the address. */
  key: string;
  kind: StepKind;
  name: string;
  agent: string | null;
  model: string | null;
  startMs: number;
  /** null: it did not say how long it took. */
  endMs: number | null;
  /** Its own; null: no price is known of it. */
  ownUsd: FemtoUsd | null;
  /** With everything below it, as far as it is known; null: nothing of it is. */
  totalUsd: FemtoUsd | null;
  /** Something in it or below it has no whole price: `totalUsd` is a part. */
  isAtLeast: boolean;
  isFailed: boolean;
  /** Model calls in it and below it. */
  calls: number;
  /** In it and below it. */
  inputTokens: number;
  outputTokens: number;
  marks: readonly StepMark[];
  /** null for `more`. */
  node: TreeNode | null;
}

/** A session's steps in the order of the tree, and how they hang together. */
export interface CostTree {
  steps: readonly CostStep[];
  roots: readonly number[];
  startMs: number;
  endMs: number;
  /** What is known of it all; null: nothing is. */
  totalUsd: FemtoUsd | null;
}

/** How long a step took, in ms; null: it did not say. */
export function durationOf({ startMs, endMs }: CostStep): number | null {
  return endMs === null ? null : endMs - startMs;
}
