import { countOf, joinWords, sayUsd } from "@/components/budgets/budget-words";
import type { BurnDown } from "@/components/budgets/prepare-burn-down";
import type { BudgetAnswer, BudgetMeasure } from "@/lib/budgets/budget-answer-schemas";
import { formatUsd } from "@/lib/money";

/** An amount of a measure in words: `$12.50`, `1,200 tokens`. */
export function sayAmount(amount: bigint, measure: BudgetMeasure): string {
  if (measure === "usd") return sayUsd(formatUsd(amount));
  return countOf(amount, measure === "tokens" ? "token" : "call");
}

interface SummaryInput {
  model: BurnDown;
  measure: BudgetMeasure;
  limit: bigint;
  forecast: bigint | null;
  /** The period has not ended. */
  isRunning: boolean;
  /** Events of unknown cost are not in what is said to be spent. */
  isAtLeast: boolean;
  /** A date in words: `Nov 22`. */
  sayDate: (ms: number) => string;
  endMs: number;
}

/** The chart in one sentence, for people who cannot or need not look at it. */
export function summariseBurnDown(input: SummaryInput): string {
  const { model, measure, limit, forecast, isRunning, isAtLeast, sayDate, endMs } = input;
  const say = (amount: bigint) => sayAmount(amount, measure);
  const parts = [
    `${isAtLeast ? "At least " : ""}${say(model.current)} of ${say(limit)} ${isRunning ? "so far" : "in all"}`,
  ];
  const now = model.steps.findLast(({ state }) => state !== "future");
  if (isRunning && now) {
    const apart = model.current - now.ideal;
    const size = say(apart < 0n ? -apart : apart);
    parts.push(
      apart === 0n
        ? "exactly on the straight line"
        : `${size} ${apart > 0n ? "over" : "under"} the straight line`,
    );
  }
  if (model.reachedMs !== null) parts.push(`the limit was reached by ${sayDate(model.reachedMs)}`);
  else if (isRunning && forecast !== null) {
    const verdict = forecast > limit ? "over the limit" : "within the limit";
    parts.push(`at this pace ${say(forecast)} by ${sayDate(endMs)}, ${verdict}`);
  }
  return `${parts.join("; ")}.`;
}

/** Whether the line ends where the meter stands, in one short line; null: there is no counter to hold it against. */
export function sayApart({ apart, current }: BurnDown, measure: BudgetMeasure): string | null {
  if (apart === null) return null;
  if (apart === 0n) return "The calls drawn here come to what the meter says, to the last digit.";
  const size = sayAmount(apart < 0n ? -apart : apart, measure);
  return `The meter says ${sayAmount(current, measure)}: ${size} ${apart < 0n ? "less" : "more"} than the calls drawn here.`;
}

/** Why a counter may say something else than the calls of its period. */
export function explainApart(
  { apart }: BurnDown,
  { unpriced, project }: Pick<BudgetAnswer, "unpriced" | "project">,
): string {
  const isMore = (apart ?? 0n) > 0n;
  const reasons = [
    "a call counts in the period in which it was reserved, which may not be the one in which it happened",
    ...(isMore && typeof unpriced === "object"
      ? ["calls without a price count at this budget's rate"]
      : []),
    // The counter of an installation's budget knows every project; a sum of calls only those of its reader.
    ...(isMore && project === null
      ? ["calls of projects that you may not read are not drawn"]
      : []),
    "calls of the last seconds may be in one of them only",
  ];
  return `The meter is what decides. It may differ from the calls: ${joinWords(reasons, "or")}.`;
}
