import type { z } from "zod";
import type { createBudgetSchema } from "@/lib/budgets/budget-schemas";
import { type FemtoUsd, formatUsd } from "@/lib/money";

/** Tasks of one agent and kind; empty: without the tag. */
export interface TaskKind {
  project: string;
  agent: string;
  taskType: string;
  /** What a task of it may cost; null: not known well enough. */
  limitFemtoUsd: FemtoUsd | null;
  /** Every call of these tasks has a trace, or a session. */
  hasTraces: boolean;
  hasSessions: boolean;
}

/**
 * The budget that caps one task of a kind. A budget has one scope, and a task is what belongs to one trace (else one
 * session): so it is the kind of task by trace, where no other agent works at it; else the agent by trace, with the limit
 * of its dearest kind, as it binds all of them. Where calls have neither trace nor session it is each task of the project
 * by itself, with the limit of the dearest kind: by trace all of them would share the one counter of calls without one.
 */
export function chooseSuggestedBudget(
  kind: TaskKind,
  kinds: readonly TaskKind[],
): z.input<typeof createBudgetSchema> {
  const { project, agent, taskType } = kind;
  const own = kinds.filter((other) => other.project === project);
  const common = { project, mode: "enforce", action: "block" } as const;
  const window = windowOf(kind);
  if (window === null) {
    const limit_usd = dearest(own);
    return { ...common, name: "Each task", scope: "task", value: "*", window: "month", limit_usd };
  }
  const per = window === "trace" ? "request" : "session";
  const isAlone = own.every((other) => other.taskType !== taskType || other.agent === agent);
  if (taskType !== "" && isAlone) {
    const limit_usd = dearest([kind]);
    const name = `Each ${taskType}, by ${per}`;
    return { ...common, name, scope: "task_type", value: taskType, window, limit_usd };
  }
  const limit_usd = dearest(own.filter((other) => other.agent === agent));
  const name = `Each ${per} of ${agent || "calls without an agent"}`;
  return { ...common, name, scope: "agent", value: agent || null, window, limit_usd };
}

function windowOf({ hasTraces, hasSessions }: TaskKind): "trace" | "session" | null {
  if (hasTraces) return "trace";
  return hasSessions ? "session" : null;
}

function dearest(kinds: readonly TaskKind[]): string {
  let most = 0n;
  for (const { limitFemtoUsd } of kinds) {
    if (limitFemtoUsd !== null && limitFemtoUsd > most) most = limitFemtoUsd;
  }
  return formatUsd(most);
}
