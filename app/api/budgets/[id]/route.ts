import { apiRoute } from "@/lib/api-route";
import { archiveBudget } from "@/lib/budgets/archive-budget";
import { budgetSchema, wholeBudgetSchema } from "@/lib/budgets/budget-answer-schemas";
import { budgetParamsSchema, updateBudgetSchema } from "@/lib/budgets/budget-schemas";
import { findBudget } from "@/lib/budgets/find-budget";
import { findWholeBudget } from "@/lib/budgets/find-whole-budget";
import { updateBudget } from "@/lib/budgets/update-budget";

export const GET = apiRoute(
  { permission: "budgets.read", params: budgetParamsSchema, response: wholeBudgetSchema },
  ({ params, ...reader }) => findWholeBudget(reader, params.id),
);

export const PATCH = apiRoute(
  {
    permission: "budgets.write",
    params: budgetParamsSchema,
    body: updateBudgetSchema,
    response: budgetSchema,
  },
  async ({ params, body, ...context }) => {
    const { nextGeneration } = await updateBudget(context, params.id, body);
    if (nextGeneration !== null) context.runtime.budgets.wake();
    return findBudget(context, params.id);
  },
);

export const DELETE = apiRoute(
  { permission: "budgets.write", params: budgetParamsSchema, response: budgetSchema },
  async ({ params, ...context }) => {
    await archiveBudget(context, params.id);
    return findBudget(context, params.id);
  },
);
