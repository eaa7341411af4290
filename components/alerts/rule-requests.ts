import { queryOptions } from "@tanstack/react-query";
import type { AlertRuleAnswer } from "@/lib/alerts/alert-rule-schemas";
import type { RuleKind } from "@/lib/alerts/alert-rules";
import { requestJson } from "@/lib/api-client";

/** The rule of each kind everywhere, and those that projects have of their own (`GET /api/alert-rules`). */
export function rulesQuery(project: string) {
  const query = new URLSearchParams({ project });
  return queryOptions({
    queryKey: ["alert-rules", project],
    queryFn: ({ signal }) =>
      requestJson<{ rules: AlertRuleAnswer[] }>("/api/alert-rules", { query, signal }),
  });
}

/** Sets a rule (`PUT /api/alert-rules`). */
export function saveRule(body: object): Promise<AlertRuleAnswer> {
  return requestJson<AlertRuleAnswer>("/api/alert-rules", { method: "PUT", body });
}

/** Takes a rule back: what holds everywhere counts again, or what is built in. @param project slug; null: everywhere */
export function resetRule(kind: RuleKind, project: string | null): Promise<AlertRuleAnswer> {
  return saveRule({ kind, project, use_default: true });
}
