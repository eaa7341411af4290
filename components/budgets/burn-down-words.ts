import { countOf, sayUsd } from "@/components/budgets/budget-words";
import type { BurnDown } from "@/components/budgets/prepare-burn-down";
import type { BudgetMeasure } from "@/lib/budgets/budget-answer-schemas";
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
  /** A date in words: `Nov 22`. */
  sayDate: (ms: number) => string;
  endMs: number;
}

/** The chart in one sentence, for people who cannot or need not look at it. */
export function summariseBurnDown(input: SummaryInput): string {
  const { model, measure, limit, forecast, isRunning, sayDate, endMs } = input;
  const say = (amount: bigint) => sayAmount(amount, measure);
  const atLeast = model.unknownSteps > 0 ? "At least " : "";
  const parts = [
    `${atLeast}${say(model.total)} of ${say(limit)} ${isRunning ? "so far" : "in all"}`,
  ];
  const now = model.steps.findLast(({ state }) => state !== "future");
  if (isRunning && now) {
    const apart = model.total - now.ideal;
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
