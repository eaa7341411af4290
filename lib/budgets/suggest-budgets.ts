import type { ClickHouse } from "@/db/clickhouse/client";
import { HISTOGRAM_PARTS, sumTaskCosts } from "@/db/clickhouse/queries/sum-task-costs";
import type { SuggestionAnswer, SuggestionsAnswer } from "@/lib/budgets/budget-answer-schemas";
import { readUsd } from "@/lib/budgets/budget-row";
import { ESCALATION_TEMPLATE } from "@/lib/budgets/stages";
import { chooseSuggestedBudget, type TaskKind } from "@/lib/budgets/suggested-budget";
import { divideHalfEven, type FemtoUsd, formatUsd } from "@/lib/money";
import type { ProjectAccess } from "@/lib/projects/resolve-projects";

const DAYS = 30;
const DAY_MS = 86_400_000;
/** With fewer tasks a median is chance. */
export const MINIMUM_TASKS = 10;
const MAX_KINDS = 200;
/** A task that costs three times the ordinary one has gone wrong more often than not. */
const MEDIANS = 3n;

type Row = Awaited<ReturnType<typeof sumTaskCosts>>[number];

/**
 * Limits to offer: three times the median cost of a task, by agent and kind of task over the last 30 days, with how these
 * costs are spread, so that a person sees what such a limit would have stopped.
 */
export async function suggestBudgets(
  { clickhouse, projects }: { clickhouse: ClickHouse; projects: readonly ProjectAccess[] },
  nowMs = Date.now(),
): Promise<SuggestionsAnswer> {
  const fromMs = nowMs - DAYS * DAY_MS;
  const rows = await sumTaskCosts(clickhouse, {
    projectIds: projects.map(({ id }) => id),
    fromUs: fromMs * 1000,
    toUs: nowMs * 1000,
    limit: MAX_KINDS,
  });
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug]));
  const kinds = rows.map((row) => toKind(row, slugs.get(row.project_id) ?? ""));
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(nowMs).toISOString(),
    minimum_tasks: MINIMUM_TASKS,
    suggestions: rows.map((row, index) => toSuggestion(row, kinds[index], kinds)),
    escalation: [...ESCALATION_TEMPLATE],
    session_defaults: sessionDefaults(projects),
  };
}

function toKind(row: Row, project: string): TaskKind {
  const limit = readUsd(row.p50) * MEDIANS;
  return {
    project,
    agent: row.agent,
    taskType: row.task_type,
    // Of nothing, three times is nothing: such a cap would stop the first call that is not free.
    limitFemtoUsd: row.tasks >= MINIMUM_TASKS && limit > 0n ? limit : null,
    hasTraces: row.has_traces === 1,
    hasSessions: row.has_sessions === 1,
  };
}

function toSuggestion(
  row: Row,
  kind: TaskKind | undefined,
  kinds: readonly TaskKind[],
): SuggestionAnswer {
  const limit = kind?.limitFemtoUsd ?? null;
  return {
    project: kind?.project ?? "",
    agent: row.agent || null,
    task_type: row.task_type || null,
    tasks: row.tasks,
    unknown_costs: row.unknown_tasks,
    p10_usd: plain(row.p10),
    p50_usd: plain(row.p50),
    p90_usd: plain(row.p90),
    p95_usd: plain(row.p95),
    max_usd: plain(row.max),
    histogram: toHistogram(row),
    is_enough: row.tasks >= MINIMUM_TASKS,
    limit_usd: limit === null ? null : formatUsd(limit),
    over_limit_tasks: limit === null ? null : row.over_limit,
    budget: kind && limit !== null ? chooseSuggestedBudget(kind, kinds) : null,
  };
}

const plain = (text: string): string => formatUsd(readUsd(text));

/** Equal parts up to the 95th percentile, and what is dearer. Without a task there is nothing to draw. */
function toHistogram({ tasks, p95, max, histogram }: Row): SuggestionAnswer["histogram"] {
  if (tasks === 0) return [];
  const top = readUsd(p95);
  const edge = (part: number): FemtoUsd =>
    divideHalfEven(top * BigInt(part), BigInt(HISTOGRAM_PARTS));
  return histogram.map((count, part) => ({
    from_usd: formatUsd(edge(part)),
    to_usd: part === HISTOGRAM_PARTS ? plain(max) : formatUsd(edge(part + 1)),
    tasks: count,
  }));
}

/** What a session of an agent rarely needs more than. */
function sessionDefaults(
  projects: readonly ProjectAccess[],
): SuggestionsAnswer["session_defaults"] {
  const limits = {
    limit_tokens: 20_000,
    limit_tool_calls: 15,
    limit_usd: "0.50",
    limit_seconds: 120,
  };
  const [only] = projects.length === 1 ? projects : [];
  return {
    ...limits,
    budget: {
      ...(only ? { project: only.slug } : {}),
      name: "Each session",
      scope: "session",
      value: "*",
      window: "session",
      mode: "enforce",
      action: "block",
      ...limits,
    },
  };
}
