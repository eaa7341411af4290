import { formatCostSum, formatExactUsd, formatQuantity } from "@/lib/format";
import type { IntegrityBudgetAnswer } from "@/lib/integrity/integrity-schemas";

/** What was found when a budget was last held against the calls. */
export interface BudgetDifference {
  /** `none`, `was $12.30`, `was counts` (no dollars among what differed); null: it was never compared. */
  words: string | null;
  /** To the last digit, for hover; null where there are no dollars to say. */
  exact: string | null;
  /** What was repaired, and how much of it; null: nothing. */
  repair: string | null;
}

/** Says a budget's last difference. While it is compared anew the last finding stands: its time is beside it. */
export function describeDifference(check: IntegrityBudgetAnswer): BudgetDifference {
  const { checked_at, repaired_at, difference_usd: usd, counters } = check;
  if (checked_at === null) return { words: null, exact: null, repair: null };
  if (repaired_at === null || usd === null) return { words: "none", exact: null, repair: null };
  const isNone = /^0(\.0*)?$/.test(usd);
  const size = isNone ? "in counts only" : `by ${formatCostSum(usd)}`;
  return {
    words: `was ${isNone ? "counts" : formatCostSum(usd)}`,
    exact: isNone ? null : formatExactUsd(usd),
    repair: `${formatQuantity(counters ?? 0, "counter")} differed from the calls, ${size}, and took their sum.`,
  };
}

/** What one looks at first: what differed, then what nobody knows yet, then what agrees; by name. */
export function sortBudgetChecks(
  checks: readonly IntegrityBudgetAnswer[],
): IntegrityBudgetAnswer[] {
  const rank = ({ repaired_at, state }: IntegrityBudgetAnswer) =>
    repaired_at !== null ? 0 : state === "equal" ? 2 : 1;
  return [...checks].sort((one, two) => rank(one) - rank(two) || one.name.localeCompare(two.name));
}

/** All of them in a sentence or two: what was not compared is never among those that agree. */
export function summariseBudgetChecks(checks: readonly IntegrityBudgetAnswer[]): string {
  if (checks.length === 0) {
    return "No budget here has counters. Those that count over time are held against the calls once a day.";
  }
  const of = (state: IntegrityBudgetAnswer["state"]) =>
    checks.filter((check) => check.state === state).length;
  const sentence = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${formatQuantity(count, "budget")} ${count === 1 ? one : many}.`];
  const repaired = of("repaired");
  return [
    ...sentence(
      of("equal") + repaired,
      "agrees with the calls to the last digit",
      "agree with the calls to the last digit",
    ),
    ...(repaired === 0
      ? []
      : [
          `${repaired === 1 ? "One" : formatQuantity(repaired, "budget")} of them differed and ${repaired === 1 ? "was" : "were"} repaired.`,
        ]),
    ...sentence(of("moving"), "is being compared", "are being compared"),
    ...sentence(
      of("counting"),
      "is being counted for the first time",
      "are being counted for the first time",
    ),
    ...sentence(of("unchecked"), "was not compared yet", "were not compared yet"),
  ].join(" ");
}
