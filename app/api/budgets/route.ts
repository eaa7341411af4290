import { apiRoute } from "@/lib/api-route";
import { budgetListSchema, budgetSchema } from "@/lib/budgets/budget-answer-schemas";
import { createBudgetSchema, listBudgetsQuerySchema } from "@/lib/budgets/budget-schemas";
import { createBudget } from "@/lib/budgets/create-budget";
import { findBudget } from "@/lib/budgets/find-budget";
import { listBudgets } from "@/lib/budgets/list-budgets";
import { waitUntilCounted } from "@/lib/budgets/wait-until-counted";

export const GET = apiRoute(
  { permission: "budgets.read", query: listBudgetsQuerySchema, response: budgetListSchema },
  ({ query, ...reader }) => listBudgets(reader, { hasArchived: query.archived === "true" }),
);

export const POST = apiRoute(
  { permission: "budgets.write", body: createBudgetSchema, response: budgetSchema, status: 201 },
  async ({ body, projects, runtime, ...context }) => {
    // A project's own key, or `?project=`, means that project; a budget of everything says so with null.
    const [only] = projects.length === 1 && body.scope !== "global" ? projects : [];
    const isNamed = body.project !== undefined || (body.scope === "project" && body.value != null);
    const project = isNamed ? body.project : only?.slug;
    const { id } = await createBudget(
      { ...context, env: runtime.env },
      project === undefined ? body : { ...body, project },
    );
    await waitUntilCounted(context.db, runtime.budgets, id);
    return findBudget(context, id);
  },
);
