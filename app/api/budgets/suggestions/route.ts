import { apiRoute } from "@/lib/api-route";
import { suggestionsSchema } from "@/lib/budgets/budget-answer-schemas";
import { suggestBudgets } from "@/lib/budgets/suggest-budgets";

export const GET = apiRoute(
  { permission: "budgets.read", response: suggestionsSchema },
  ({ projects, runtime }) => suggestBudgets({ clickhouse: runtime.clickhouse, projects }),
);
