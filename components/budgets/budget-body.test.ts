import { expect, test } from "vitest";
import { changeBody, createBody, draftOf, listChanges } from "@/components/budgets/budget-body";
import { type BudgetDraft, startDraft, withScope } from "@/components/budgets/budget-draft";
import { makeBudget } from "@/components/budgets/testing/make-budget";
import { BUDGET_MODES, BUDGET_SCOPES, windowsOf } from "@/lib/budgets/budget";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { createBudgetSchema, updateBudgetSchema } from "@/lib/budgets/budget-schemas";

const researcher = startDraft({
  scope: "agent",
  value: "researcher",
  project: "default",
  limitUsd: "$2,000",
  timeZone: "Europe/Berlin",
});

/** As the server answers what was made. */
function answerOf(draft: BudgetDraft): BudgetAnswer {
  const {
    tz,
    week_start = 1,
    month_day = 1,
    ...made
  } = createBudgetSchema.parse(createBody(draft));
  return makeBudget({
    ...made,
    project: made.project ?? null,
    value: made.value ?? null,
    tz: tz ?? "UTC",
    week_start,
    month_day,
    unpriced: made.unpriced ?? "warn",
    thresholds: made.thresholds as BudgetAnswer["thresholds"],
  });
}

test("what the form makes of every scope, window and mode is a budget that the server takes", () => {
  for (const scope of BUDGET_SCOPES) {
    for (const window of windowsOf(scope)) {
      for (const mode of BUDGET_MODES) {
        const draft = { ...withScope(researcher, scope), value: "one", window, mode };
        expect(
          createBudgetSchema.safeParse(createBody(draft)).error,
          `${scope} ${window}`,
        ).toBeUndefined();
      }
    }
  }
});

test("a budget that nobody changed has nothing to save, and what is typed is listed before it is", () => {
  const before = answerOf(researcher);
  const draft = draftOf(before);
  expect(listChanges(before, draft)).toEqual([]);
  const changed: BudgetDraft = {
    ...draft,
    limits: { ...draft.limits, usd: "3000", calls: "10" },
    mode: "strict",
    stages: [{ percent: "90", audience: ["lead"], notify: [], action: "none" }],
  };
  expect(listChanges(before, changed)).toEqual([
    "Limit: $2,000 → $3,000 and 10 calls",
    "Mode: Enforce → Strict",
    "Calls without a price: are let through and told of → are refused",
    "Stages: 70 % tells the lead; 100 % tells finance and engineering → 90 % tells the lead",
  ]);
  expect(updateBudgetSchema.parse(changeBody(changed))).toMatchObject({
    limit_usd: "3000",
    limit_calls: 10,
    mode: "strict",
    unpriced: "block",
  });
});

test("a stage that stays keeps whom it tells and what it does, and stages are kept lowest first", () => {
  const kept = {
    percent: 120,
    notify: ["a channel"],
    audience: ["finance" as const],
    action: "lockout" as const,
  };
  const before = { ...answerOf(researcher), thresholds: [kept] };
  const draft = draftOf(before);
  const added = { percent: "70", audience: ["lead" as const], notify: [], action: "none" as const };
  const { thresholds } = changeBody({ ...draft, stages: [...draft.stages, added] });
  expect(thresholds).toEqual([{ percent: 70, notify: [] }, kept]);
});
