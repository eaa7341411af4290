import {
  budgetListSchema,
  budgetSchema,
  suggestionsSchema,
  wholeBudgetSchema,
} from "@/lib/budgets/budget-answer-schemas";
import {
  budgetParamsSchema,
  createBudgetSchema,
  listBudgetsQuerySchema,
  unlockBudgetSchema,
  updateBudgetSchema,
} from "@/lib/budgets/budget-schemas";
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
  {
    method: "get",
    path: "/api/budgets/suggestions",
    summary: "Limits to begin with, from what tasks have cost",
    description:
      "Three times the median cost of a task of the last 30 days, by agent and kind of task, with how the costs are spread; and usual limits of a session.",
    permission: "budgets.read",
    response: suggestionsSchema,
  },
  {
    method: "get",
    path: "/api/budgets/{id}",
    summary: "One budget with its values, the periods before, and what it refused",
    permission: "budgets.read",
    params: budgetParamsSchema,
    response: wholeBudgetSchema,
  },
  {
    method: "patch",
    path: "/api/budgets/{id}",
    summary: "Change what a budget allows",
    description:
      "What was spent stays. Its scope, value, window and calendar stay too: for others make a new one.",
    permission: "budgets.write",
    params: budgetParamsSchema,
    body: updateBudgetSchema,
    response: budgetSchema,
  },
  {
    method: "post",
    path: "/api/budgets/{id}/unlock",
    summary: "Open a budget's value that a stage locked",
    description:
      "The stage does not act again in this period under this limit; later ones do, and `strict` still holds 100 %. 409 where nothing is locked.",
    permission: "budgets.unlock",
    params: budgetParamsSchema,
    body: unlockBudgetSchema,
    response: budgetSchema,
  },
  {
    method: "delete",
    path: "/api/budgets/{id}",
    summary: "Remove a budget",
    description: "It decides nothing from then on; its history stays.",
    permission: "budgets.write",
    params: budgetParamsSchema,
    response: budgetSchema,
  },
];
