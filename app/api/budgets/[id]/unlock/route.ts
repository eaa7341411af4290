import { apiRoute } from "@/lib/api-route";
import { budgetSchema } from "@/lib/budgets/budget-answer-schemas";
import { budgetParamsSchema, unlockBudgetSchema } from "@/lib/budgets/budget-schemas";
import { findBudget } from "@/lib/budgets/find-budget";
import { unlockBudget } from "@/lib/budgets/unlock-budget";

export const POST = apiRoute(
  {
    permission: "budgets.unlock",
    params: budgetParamsSchema,
    body: unlockBudgetSchema,
    response: budgetSchema,
  },
  async ({ params, body, ...context }) => {
    await unlockBudget(context, params.id, body);
    return findBudget(context, params.id);
  },
);
