import type { Cap } from "@/components/filters/cap";
import type { Scope } from "@/components/filters/scope";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import type { SpendLine } from "@/components/spend/spend-line";
import { suggestLimit } from "@/lib/budgets/suggest-limit";

/** Dimensions that a budget can be for. */
const CAPPED: readonly string[] = [
  "agent",
  "feature",
  "user",
  "model",
  "task_type",
  "task",
  "session",
  "project",
];

/** True where a line by these dimensions can be capped. */
export function canCap(dimensions: readonly string[]): boolean {
  return dimensions.some((dimension) => CAPPED.includes(dimension));
}

/**
 * The budget that a line of Explore begins: its first name that can be capped, its project, and a month's limit from what
 * it spent. The time that is still to come is none in which it spent.
 */
export function capLine(line: SpendLine, dimensions: readonly string[], scope: Scope): Cap {
  const index = dimensions.findIndex((dimension) => CAPPED.includes(dimension));
  const dimension = dimensions[index] ?? "agent";
  const name = line.names[index] ?? null;
  const { range, nowMs } = scope;
  const rangeMs = Math.min(range.toMs, nowMs) - range.fromMs;
  const place = dimensions.indexOf("project");
  const project = place >= 0 ? (line.names[place] ?? null) : onlyProject(scope);
  return {
    scope: dimension,
    value: dimension === "project" ? null : name,
    isUntagged: name === null,
    project,
    usd: suggestLimit(line.figures.cost_usd, rangeMs),
  };
}

/** The project that is looked at: by the switcher, or by the one filter of it. */
function onlyProject({ project, filters }: Scope): string | null {
  if (project !== ALL_PROJECTS) return project;
  const named = filters.filter(({ dimension }) => dimension === "project");
  return named.length === 1 ? (named[0]?.value ?? null) : null;
}
