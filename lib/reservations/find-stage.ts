import type { Amounts, Budget, BudgetAction } from "@/lib/budgets/budget";

/** Measures that a hold counts in. */
const HELD = ["usd", "tokens", "calls", "toolCalls"] as const satisfies readonly (keyof Amounts)[];

export type Measure = keyof Amounts;

/** What a budget would come to with a call. */
export interface Load {
  spent: Amounts;
  reserved: Amounts;
  hold: Amounts;
}

/** A point at which a budget acts, as a percentage of its limits. */
interface Stage {
  percent: number;
  action: BudgetAction;
}

/** Percentages are compared as thousandths, exactly. */
const PARTS = 100_000n;

/** The first measure in which a call passes a percentage of its limit; null: it fits. */
export function findPassed(budget: Budget, load: Load, percent = 100): Measure | null {
  const share = BigInt(Math.round(percent * 1_000));
  for (const measure of HELD) {
    const limit = budget.limits[measure];
    if (limit === null) continue;
    const sum = load.spent[measure] + load.reserved[measure] + load.hold[measure];
    if (sum * PARTS > limit * share) return measure;
  }
  const { ms } = budget.limits;
  // How long a call takes is known only afterwards, so nothing is held: the limit refuses once it is reached.
  return ms !== null && load.spent.ms * PARTS >= ms * share ? "ms" : null;
}

/**
 * What the budget does about a call that passes one of its stages, and the measure that does; null: nothing yet. Of
 * several passed stages the last decides: what blocks at 120 % blocks what was throttled from 80 % on. A lockout
 * that is not crossed yet refuses as `block` does.
 * @param openedPercent lockouts up to there were unlocked: they act no more in this period under this limit
 */
export function findStage(
  budget: Budget,
  load: Load,
  openedPercent = 0,
): { action: BudgetAction; measure: Measure } | null {
  let found: { action: BudgetAction; measure: Measure } | null = null;
  for (const { percent, action } of actingStagesOf(budget, openedPercent)) {
    const measure = findPassed(budget, load, percent);
    if (measure !== null) found = { action, measure };
  }
  return found;
}

function actingStagesOf({ thresholds, action: own }: Budget, openedPercent: number): Stage[] {
  const acting = thresholds.filter(({ action }) => action !== undefined);
  // Where the only stage that acts was unlocked, nothing acts: the budget's own action stands for no stage at all.
  if (acting.length === 0) return [{ percent: 100, action: own }];
  return acting.flatMap(({ percent, action }) => {
    if (action !== "lockout") return action ? [{ percent, action }] : [];
    return percent <= openedPercent ? [] : [{ percent, action: "block" as const }];
  });
}
