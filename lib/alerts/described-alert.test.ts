import { expect, test } from "vitest";
import type { Alert } from "@/lib/alerts/alert";
import type { AlertFacts } from "@/lib/alerts/alert-facts";
import { describeAlert } from "@/lib/alerts/describe-alert";
import { toDescribedAlert } from "@/lib/alerts/described-alert";

const PROJECT = "0b8f6d1e-0000-4000-8000-000000000001";

function titleOf(scope: string | undefined, value: string): string {
  const facts: AlertFacts = {
    kind: "forecast",
    budget_name: "Cap",
    ...(scope === undefined ? {} : { scope }),
    spent_usd: "1",
    limit_usd: "2",
    forecast_usd: "3",
    runs_out_at: "2026-11-23T00:00:00.000Z",
    period: null,
  };
  const openedAt = new Date("2026-11-20T00:00:00Z");
  const place = { projectId: null, budgetId: null, audience: [], subject: "", key: "" };
  const alert = { id: "a", ...place, value, facts, openedAt } as unknown as Alert;
  return describeAlert(toDescribedAlert(alert, new Map([[PROJECT, "shop"]]))).title;
}

test("calls without the tag have a name, everything has none, and a project has its slug", () => {
  expect(titleOf("user", "")).toMatch(/^Cap, \(untagged\), runs out/);
  expect(titleOf("global", "")).toMatch(/^Cap runs out/);
  expect(titleOf(undefined, "")).toMatch(/^Cap runs out/);
  expect(titleOf("project", PROJECT)).toMatch(/^Cap, shop, runs out/);
});
