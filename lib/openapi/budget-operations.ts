import { budgetListSchema, budgetSchema } from "@/lib/budgets/budget-answer-schemas";
import { createBudgetSchema, listBudgetsQuerySchema } from "@/lib/budgets/budget-schemas";
import type { Operation } from "@/lib/openapi/operation";

/** Caps on spending. */
export const BUDGET_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/budgets",
    summary: "Budgets with what is spent and held of them",
    description:
      "Those of the projects asked about, and those of the whole installation, which bind them too.",
    permission: "budgets.read",
    query: listBudgetsQuerySchema,
    response: budgetListSchema,
  },
  {
    method: "post",
    path: "/api/budgets",
    summary: "Make a budget",
    description:
      "What was spent since its period began counts, exactly; while that is counted its state is `counting`. One of the whole installation takes `budgets.write_everywhere`.",
    permission: "budgets.write",
    body: createBudgetSchema,
    response: budgetSchema,
    status: 201,
  },
];
