import type { BudgetAction, BudgetMode, BudgetScope, BudgetWindow } from "@/lib/budgets/budget";
import { formatCostSum, formatCount, formatDuration } from "@/lib/format";

/** Whom a budget is for. */
export interface BudgetTarget {
  scope: BudgetScope;
  /** A name; `*`: each one by itself; null: calls without the tag, or a scope without values. */
  value: string | null;
  /** Slug; null: the whole installation. */
  project: string | null;
}

/** What is never more than so much. */
export interface BudgetLimits {
  limit_usd: string | null;
  limit_tokens: number | null;
  limit_calls: number | null;
  limit_tool_calls: number | null;
  limit_seconds: number | null;
}

export const SCOPE_WORDS: Readonly<Record<BudgetScope, string>> = {
  global: "everything",
  project: "project",
  agent: "agent",
  task: "task",
  task_type: "task type",
  feature: "feature",
  user: "user",
  session: "session",
  trace: "trace",
  request: "request",
  model: "model",
};

const WINDOW_WORDS: Readonly<Record<BudgetWindow, string>> = {
  request: "per call",
  trace: "per trace",
  session: "per session",
  hour: "per hour",
  day: "per day",
  week: "per week",
  month: "per month",
};

export const MODE_WORDS: Readonly<Record<BudgetMode, { label: string; meaning: string }>> = {
  observe: { label: "Observe", meaning: "counts and tells, and never stops a call" },
  enforce: {
    label: "Enforce",
    meaning:
      "holds what a call will probably cost, and stops calls at the limit; calls that run dearer than their hold may pass it",
  },
  strict: {
    label: "Strict",
    meaning:
      "holds the most that a call can cost, so that reserved calls never pass the limit; it refuses calls without a price or an output cap, and stops earlier than the spent sum alone would",
  },
};

export const ACTION_WORDS: Readonly<Record<BudgetAction, string>> = {
  block: "refuses calls",
  throttle: "slows calls down",
  reroute: "moves calls to a cheaper model",
};

/** `agent researcher`, `each agent`, `calls without an agent`, `project checkout`, `everything`. */
export function describeTarget({ scope, value, project }: BudgetTarget): string {
  const word = SCOPE_WORDS[scope];
  const place = project ?? "the installation";
  if (scope === "global") return "everything";
  if (scope === "project") return value === "*" ? "each project" : `project ${value ?? place}`;
  if (scope === "request") return "each call";
  if (value === "*") return `each ${word}`;
  if (value === null || value === "") return `calls without ${article(word)} ${word}`;
  return `${word} ${value}`;
}

/** `per month`. */
export function describeWindow(window: BudgetWindow): string {
  return WINDOW_WORDS[window];
}

/** A sum as it stands in a sentence: whole dollars have no cents. @param usd decimal string */
export function sayUsd(usd: string): string {
  return formatCostSum(usd).replace(/\.00$/, "");
}

/** `$2,000`, `20,000 tokens`, `15 tool calls`, `2 min 0 s`, in this order. */
export function listLimits(limits: BudgetLimits): string[] {
  const { limit_usd, limit_tokens, limit_calls, limit_tool_calls, limit_seconds } = limits;
  return [
    limit_usd === null ? null : sayUsd(limit_usd),
    limit_tokens === null ? null : countOf(limit_tokens, "token"),
    limit_calls === null ? null : countOf(limit_calls, "call"),
    limit_tool_calls === null ? null : countOf(limit_tool_calls, "tool call"),
    limit_seconds === null ? null : saySeconds(limit_seconds),
  ].filter((text) => text !== null);
}

/** `2 min`, `45 s`. */
export function saySeconds(seconds: number): string {
  if (seconds < 60) return `${formatCount(seconds)} s`;
  return formatDuration(seconds * 1_000).replace(/ 0 (s|min|h)$/, "");
}

/** `1 call`, `2 calls`. */
export function countOf(count: number | bigint, noun: string): string {
  return `${formatCount(count)} ${noun}${Number(count) === 1 ? "" : "s"}`;
}

/** `one`, `one and two`, `one, two and three`. */
export function joinWords(words: readonly string[], last = "and"): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

function article(word: string): string {
  return /^[aeio]/.test(word) ? "an" : "a";
}
