import type { FemtoUsd } from "../money.ts";
import type { PolicyTags } from "../policy/policy.ts";
import type { TracePlace } from "../trace-ids.ts";
import type { Tags } from "../types.ts";
import { type CheckedLimits, shareOf, usdShareOf } from "./run-limits.ts";

/** What a call used, or is expected to use while it is under way. */
export interface RunUse {
  calls: number;
  toolCalls: number;
  inputTokens: number;
  outputTokens: number;
  usd: FemtoUsd;
}

/** Why a run may not go on. */
export interface StopReason {
  code: "tokens" | "tool_calls" | "usd" | "seconds" | "no_price" | "kill_switch";
  /** For a person. */
  message: string;
}

/** A run: its tags, its place in the tree, and what it and the runs in it used. */
export interface RunState extends TracePlace {
  /** The span above it; null: the tree begins here. */
  parentSpanId: string | null;
  /** Its own with those around it. */
  tags: Tags;
  policyTags: PolicyTags;
  parent: RunState | null;
  limits: CheckedLimits | null;
  /** Whether it or one around it has limits. */
  isLimited: boolean;
  /** `performance.now()`. */
  startedAt: number;
  spent: RunUse;
  /** Expected of calls that are under way. */
  open: RunUse;
  /** Calls of which the tokens are not known. */
  unknownCalls: number;
  /** Calls of which the price is not known, or not yet. */
  unpricedCalls: number;
  /** A model that has no price. */
  unpricedModel: string | null;
}

export function noUse(): RunUse {
  return { calls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0, usd: 0n };
}

/** Adds to a sum in place. @param sign -1 takes it away */
export function addUse(sum: RunUse, use: RunUse, sign: 1 | -1 = 1): void {
  sum.calls += sign * use.calls;
  sum.toolCalls += sign * use.toolCalls;
  sum.inputTokens += sign * use.inputTokens;
  sum.outputTokens += sign * use.outputTokens;
  sum.usd += sign === 1 ? use.usd : -use.usd;
}

/** Whether it or a run around it has a limit in dollars. */
export function hasUsdLimit(run: RunState): boolean {
  for (let one: RunState | null = run; one; one = one.parent) {
    if (one.limits && one.limits.usd !== null) return true;
  }
  return false;
}

/** Notes what a call is expected to use. @returns to be told once what it used, or null where it was not made */
export function beginUse(run: RunState | null, expected: RunUse): (used: RunUse | null) => void {
  for (let one = run; one; one = one.parent) addUse(one.open, expected);
  return (used) => {
    for (let one = run; one; one = one.parent) {
      addUse(one.open, expected, -1);
      if (used) addUse(one.spent, used);
    }
  };
}

/**
 * The first limit that leaves no room, of the run or one around it; null: it may go on.
 * @param wanted what a call would use at least; nothing: whether anything is left
 */
export function findReached(
  run: RunState | null,
  isFinal: boolean,
  wanted: { tokens: number; toolCalls: number; usd: FemtoUsd } | null = null,
): StopReason | null {
  for (let one = run; one; one = one.parent) {
    const reached = one.limits && reachedOf(one, one.limits, isFinal, wanted);
    if (reached) return reached;
  }
  return null;
}

function reachedOf(
  run: RunState,
  limits: CheckedLimits,
  isFinal: boolean,
  wanted: { tokens: number; toolCalls: number; usd: FemtoUsd } | null,
): StopReason | null {
  const left = leftOf(run, limits, isFinal);
  const kept = isFinal || limits.reserve === 0 ? "" : ", less what is kept for the final answer";
  const say = (code: StopReason["code"], limit: string): StopReason => ({
    code,
    message: `The run's limit of ${limit}${kept} is reached.`,
  });
  if (left.seconds !== null && left.seconds <= 0)
    return say("seconds", `${limits.seconds} seconds`);
  if (left.tokens !== null && (left.tokens <= 0 || left.tokens < (wanted?.tokens ?? 0)))
    return say("tokens", `${limits.tokens} tokens`);
  // A limit of tool calls stops tools, and an agent that may call none any more can still answer.
  if (
    left.toolCalls !== null &&
    wanted &&
    wanted.toolCalls > 0 &&
    left.toolCalls < wanted.toolCalls
  )
    return say("tool_calls", `${limits.toolCalls} tool calls`);
  if (left.toolCalls !== null && !wanted && left.toolCalls <= 0)
    return say("tool_calls", `${limits.toolCalls} tool calls`);
  if (left.usd === null) return null;
  if (run.unpricedModel !== null) {
    const message = `The run has a limit in dollars, and ${run.unpricedModel} has no price: what it spent is not known.`;
    return { code: "no_price", message };
  }
  return left.usd <= 0n || left.usd < (wanted?.usd ?? 0n) ? say("usd", "dollars") : null;
}

/** What is left of each limit beside what is under way; null: not limited. */
export interface Left {
  tokens: number | null;
  toolCalls: number | null;
  usd: FemtoUsd | null;
  seconds: number | null;
}

export function leftOf(run: RunState, limits: CheckedLimits, isFinal: boolean): Left {
  const { spent, open } = run;
  const tokens = spent.inputTokens + spent.outputTokens + open.inputTokens + open.outputTokens;
  const toolCalls = spent.toolCalls + open.toolCalls;
  const seconds = (performance.now() - run.startedAt) / 1000;
  const of = (limit: number | null, used: number) =>
    limit === null ? null : shareOf(limit, limits, isFinal) - used;
  return {
    tokens: of(limits.tokens, tokens),
    toolCalls: of(limits.toolCalls, toolCalls),
    usd:
      limits.usd === null ? null : usdShareOf(limits.usd, limits, isFinal) - spent.usd - open.usd,
    seconds: of(limits.seconds, seconds),
  };
}
