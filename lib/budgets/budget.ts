import type { Audience } from "@/lib/alerts/alert";
import type { FemtoUsd } from "@/lib/money";

export const BUDGET_SCOPES = [
  "global",
  "project",
  "agent",
  "task",
  "task_type",
  "feature",
  "user",
  "session",
  "trace",
  "request",
  "model",
] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

export const BUDGET_WINDOWS = [
  "request",
  "trace",
  "session",
  "hour",
  "day",
  "week",
  "month",
] as const;
export type BudgetWindow = (typeof BUDGET_WINDOWS)[number];

export const BUDGET_MODES = ["observe", "enforce", "strict"] as const;
export type BudgetMode = (typeof BUDGET_MODES)[number];

export const BUDGET_ACTIONS = ["block", "throttle", "reroute"] as const;
export type BudgetAction = (typeof BUDGET_ACTIONS)[number];

/** What a stage can do: `lockout` closes the counter until its period ends, its limit changes or an admin opens it. */
export const STAGE_ACTIONS = [...BUDGET_ACTIONS, "lockout"] as const;
export type StageAction = (typeof STAGE_ACTIONS)[number];

/** Scopes that have no values: everything in their reach is one. */
export const SCOPES_WITHOUT_VALUES: ReadonlySet<BudgetScope> = new Set<BudgetScope>([
  "global",
  "request",
]);

const EVERY_WINDOW = BUDGET_WINDOWS;
/** A trace or a session never starts anew: a day's window would give it a fresh cap every midnight. */
const WINDOWS_BY_SCOPE: Readonly<Record<BudgetScope, readonly BudgetWindow[]>> = {
  global: EVERY_WINDOW,
  project: EVERY_WINDOW,
  agent: EVERY_WINDOW,
  task: EVERY_WINDOW,
  task_type: EVERY_WINDOW,
  feature: EVERY_WINDOW,
  user: EVERY_WINDOW,
  model: EVERY_WINDOW,
  session: ["request", "trace", "session"],
  trace: ["request", "trace"],
  // One call against its own estimate.
  request: ["request"],
};

/** Windows that a scope can have; any other pair is refused. */
export function windowsOf(scope: BudgetScope): readonly BudgetWindow[] {
  return WINDOWS_BY_SCOPE[scope];
}

/** What a budget limits and a counter counts. Dollars are femto-dollars; seconds are counted in milliseconds. */
export interface Amounts {
  usd: FemtoUsd;
  /** Input and output tokens of model calls. */
  tokens: bigint;
  /** Model calls. */
  calls: bigint;
  toolCalls: bigint;
  /** How long model and tool calls took, milliseconds. */
  ms: bigint;
}

export const NO_AMOUNTS: Readonly<Amounts> = {
  usd: 0n,
  tokens: 0n,
  calls: 0n,
  toolCalls: 0n,
  ms: 0n,
};

/** Limits; null: not limited. */
export type Limits = { [K in keyof Amounts]: Amounts[K] | null };

/** What a call without a price does: nothing but be told; be refused; or cost so much a million tokens. */
export type UnpricedRule =
  | { kind: "warn" }
  | { kind: "block" }
  | { kind: "rate"; femtoUsdPerMtok: FemtoUsd };

export interface Threshold {
  /** Of a limit, above 0. */
  percent: number;
  /** Ids of channels; empty: those of its audience. */
  notify: string[];
  /** Left out: by its percentage, `stagesOf`. */
  audience?: Audience[];
  action?: StageAction;
}

/** A budget as decisions read it. */
export interface Budget {
  id: string;
  /** null: the whole installation. */
  projectId: string | null;
  name: string;
  scope: BudgetScope;
  /** A name; `*`: each one by itself; null: calls without the tag. */
  value: string | null;
  window: BudgetWindow;
  timeZone: string;
  /** ISO weekday, 1 Monday to 7 Sunday. */
  weekStart: number;
  monthDay: number;
  limits: Limits;
  mode: BudgetMode;
  action: BudgetAction;
  throttlePerMinute: number | null;
  rerouteTo: string | null;
  unpriced: UnpricedRule;
  /** Ascending by percent. */
  thresholds: readonly Threshold[];
  /** Of its limits: locks and crossings of another revision say nothing of these. */
  limitRevision: number;
  /** 0: not counted from the ledger yet; it decides nothing. */
  generation: number;
  /** The generation that is being built beside it; null: none. */
  next: { generation: number; afterUs: number } | null;
  /**
   * What arrived up to then was summed from the ledger into the current generation, later calls were counted as they
   * came; microseconds since 1970. null: there is none, or a next one is being built.
   */
  countedAfterUs: number | null;
}

/** What a call, or a wish for one, says of itself; null: without the tag. */
export interface CallTags {
  projectId: string;
  agent: string | null;
  task: string | null;
  taskType: string | null;
  feature: string | null;
  user: string | null;
  session: string | null;
  traceId: string | null;
  model: string | null;
}
