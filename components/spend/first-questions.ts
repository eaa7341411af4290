import { type Place, presetScope, type Scope } from "@/components/filters/scope";
import { listTopNames } from "@/components/spend/list-top-names";
import { compareMonth, monthQuestions } from "@/components/spend/month-questions";
import type { SpendAnswer } from "@/components/spend/spend-answer";
import {
  bucketsQuestion,
  groupsQuestion,
  type SpendQuestion,
  seriesQuestion,
} from "@/components/spend/spend-questions";

/** Asks `/api/spend` once a question, and keeps the answer for the screen. */
export type Ask = (query: URLSearchParams) => Promise<SpendAnswer>;

/** What the Overview's chart asks. */
export const OVERVIEW_QUESTION: SpendQuestion = {
  group: "feature",
  group2: null,
  metric: "cost",
  interval: "day",
  hasPercentiles: false,
  compare: null,
};
/** And of which range. */
export const OVERVIEW_RANGE = "30d";

/** Asks what the Overview shows first: the chart's sentence and the month's cards. The browser asks the rest. */
export async function askOverviewFirst(ask: Ask, place: Place): Promise<void> {
  const month = presetScope(place, "month");
  const comparison = compareMonth(month);
  const { total, earlier, days } = monthQuestions(month, comparison);
  // In this order: one connection answers one question at a time.
  await Promise.all([
    askChartFirst(ask, presetScope(place, OVERVIEW_RANGE), OVERVIEW_QUESTION),
    ask(total),
    ask(days),
    ...(comparison === null ? [] : [ask(earlier)]),
  ]);
}

/** Asks what Explore shows first: the cards and the chart's sentence, and then what it draws. */
export async function askChartFirst(
  ask: Ask,
  scope: Scope,
  question: SpendQuestion,
): Promise<void> {
  const { group, metric, hasPercentiles } = question;
  const sums = ask(groupsQuestion(scope, [group], hasPercentiles));
  const unfiltered = { ...scope, filters: [] };
  await Promise.all([
    sums,
    ask(bucketsQuestion(scope, question)),
    ...(scope.filters.length > 0 ? [ask(bucketsQuestion(unfiltered, question))] : []),
  ]);
  const names = listTopNames((await sums).rows, group, metric);
  if (names.length > 0) await ask(seriesQuestion(scope, question, names));
}
