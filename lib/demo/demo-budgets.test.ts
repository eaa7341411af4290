import { expect, test } from "vitest";
import { createBudgetSchema } from "@/lib/budgets/budget-schemas";
import { DEMO_BUDGETS } from "@/lib/demo/demo-budgets";
import { batchesOfMonth } from "@/lib/demo/demo-month";

test("each of the demo's budgets can be made, and caps something that the demo spends on", () => {
  const [events = []] = [...batchesOfMonth(Date.UTC(2026, 10, 22, 12))].map(
    (batch) => batch.events,
  );
  for (const budget of DEMO_BUDGETS) {
    expect(createBudgetSchema.safeParse(budget)).toMatchObject({ success: true });
    if (budget.scope === "project") continue;
    const values = new Set(events.map((event) => event[budget.scope]).filter(Boolean));
    if (budget.value === "*") expect(values.size).toBeGreaterThan(0);
    else expect(values).toContain(budget.value);
  }
});
