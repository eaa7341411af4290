import type { Db } from "@/db/postgres";
import {
  type FiguresAsked,
  listNearestCounters,
  type RankedCounter,
} from "@/db/queries/budget-figures";
import type { BudgetRow } from "@/db/queries/policy";
import { listProjectRows } from "@/db/queries/projects";
import { type Actor, can } from "@/lib/auth/actor";
import type { AnswerContext } from "@/lib/budgets/budget-answer";
import { calendarPeriodOf, periodName } from "@/lib/budgets/budget-period";
import { toBudget } from "@/lib/budgets/budget-row";
import { canSee, type ProjectAccess } from "@/lib/projects/resolve-projects";

/** Sessions and traces never end: those that moved in this time are the current ones. */
const RECENT_MS = 24 * 3_600_000;

/** Who reads, and what they may see. */
export interface BudgetReader {
  db: Db;
  actor: Actor;
  /** Projects whose budgets they may read. */
  projects: readonly Pick<ProjectAccess, "id" | "slug">[];
}

/**
 * Who asks, with every project that they may see: one budget is asked for by its id, whatever project a key or an
 * address names beside it.
 */
export async function readerOfAll({
  db,
  actor,
}: Pick<BudgetReader, "db" | "actor">): Promise<BudgetReader> {
  const projects = (await listProjectRows(db)).filter(({ id }) => canSee(actor, id));
  return { db, actor, projects };
}

/** What a reader's answers say beside the budgets. */
export function answerContextOf({ actor, projects }: BudgetReader, nowMs: number): AnswerContext {
  return {
    slugs: new Map(projects.map(({ id, slug }) => [id, slug])),
    hasReach: can(actor, "budgets.read", null),
    nowMs,
  };
}

/** The current counters of budgets that are nearest their limits, `top` a budget, by budget. */
export async function readFigures(
  reader: BudgetReader,
  rows: readonly BudgetRow[],
  nowMs: number,
  top: number,
): Promise<Map<string, RankedCounter[]>> {
  const asked = rows.filter(({ window }) => window !== "request");
  const counters = await listNearestCounters(
    reader.db,
    asked.map((row) => askedOf(reader, row, nowMs)),
    top,
  );
  const byBudget = new Map<string, RankedCounter[]>();
  for (const counter of counters) {
    const own = byBudget.get(counter.budgetId);
    if (own) own.push(counter);
    else byBudget.set(counter.budgetId, [counter]);
  }
  return byBudget;
}

function askedOf(reader: BudgetReader, row: BudgetRow, nowMs: number): FiguresAsked {
  const budget = toBudget(row);
  const period = calendarPeriodOf(budget, nowMs);
  return {
    budgetId: budget.id,
    generation: budget.generation,
    period: period && periodName(period.startMs),
    sinceMs: period ? null : nowMs - RECENT_MS,
    values: visibleValues(reader, row),
  };
}

/** Values that a reader may see; null: all. Each project's own share of an installation's budget is that project's. */
export function visibleValues(
  { actor, projects }: BudgetReader,
  { projectId, scope }: Pick<BudgetRow, "projectId" | "scope">,
): string[] | null {
  if (projectId !== null || scope !== "project" || can(actor, "budgets.read", null)) return null;
  return projects.map(({ id }) => id);
}
