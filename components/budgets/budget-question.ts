import type { Filter } from "@/components/filters/filter-param";
import { writeFilter } from "@/components/filters/filter-param";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import type { BudgetAnswer, BudgetMeasure } from "@/lib/budgets/budget-answer-schemas";
import type { CalendarInterval } from "@/lib/calendar/list-bucket-starts";
import { formatEdge } from "@/lib/time-range";

/** How a value that was not sent is named in answers; in a filter it is the empty text. */
export const UNTAGGED = "(untagged)";

type Place = Pick<BudgetAnswer, "scope" | "value" | "project" | "window" | "period" | "tz">;

/** Which calls count in a budget: their project, and the filter of one value of it. */
export function callsOf(
  { scope, value, project }: Place,
  one: string | null,
): { project: string; filters: Filter[] } {
  const everywhere = project ?? ALL_PROJECTS;
  if (scope === "project") {
    const slug = value === "*" ? one : value;
    return { project: slug ?? everywhere, filters: [] };
  }
  if (scope === "global" || scope === "request") return { project: everywhere, filters: [] };
  const name = value === "*" ? one : value;
  // Of each one and none in particular: all of them.
  if (value === "*" && name === null) return { project: everywhere, filters: [] };
  const dimension = scope === "trace" ? "trace_id" : scope;
  const text = name === null || name === UNTAGGED ? "" : name;
  return { project: everywhere, filters: [{ dimension, value: text }] };
}

const STEPS: Partial<Record<BudgetAnswer["window"], CalendarInterval>> = {
  hour: "15m",
  day: "hour",
  week: "day",
  month: "day",
};

/** The steps of a budget's period; null where its window is no calendar's. */
export function stepOf({ window }: Pick<Place, "window">): CalendarInterval | null {
  return STEPS[window] ?? null;
}

/** Measures that spend is answered in; tool calls and seconds have none. */
export const SPEND_FIGURES: Partial<Record<BudgetMeasure, string>> = {
  usd: "cost_usd",
  tokens: "input_tokens,output_tokens",
  calls: "calls",
};

/** What was spent of one value of a budget, step by step (`GET /api/spend`); null where that is no question. */
export function stepsQuestion(
  budget: Place,
  one: string | null,
  measure: BudgetMeasure,
): URLSearchParams | null {
  const interval = stepOf(budget);
  const figures = SPEND_FIGURES[measure];
  if (interval === null || figures === undefined || budget.period === null) return null;
  const { project, filters } = callsOf(budget, one);
  const query = new URLSearchParams({
    project,
    from: budget.period.from,
    to: budget.period.to,
    // The budget's own days, not the organisation's: the steps add up to its counter.
    tz: budget.tz,
    interval,
    figures,
  });
  for (const { dimension, value } of filters) query.append(`filter.${dimension}`, value);
  return query;
}

/** The page's query for the same calls on another screen. @param timeZone of the organisation, as the screens read edges */
export function searchOf(
  budget: Place,
  one: string | null,
  timeZone: string,
  range: { from: string; to: string } | null = budget.period,
): URLSearchParams {
  const { project, filters } = callsOf(budget, one);
  const search = new URLSearchParams();
  if (project !== ALL_PROJECTS) search.set("project", project);
  if (range !== null) {
    search.set("range", "custom");
    search.set("from", formatEdge(Date.parse(range.from), timeZone));
    search.set("to", formatEdge(Date.parse(range.to), timeZone));
  }
  for (const filter of filters) search.append("filter", writeFilter(filter));
  return search;
}
