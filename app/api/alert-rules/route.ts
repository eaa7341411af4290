import {
  alertRuleListSchema,
  alertRuleSchema,
  putAlertRuleSchema,
} from "@/lib/alerts/alert-rule-schemas";
import { listAlertRules } from "@/lib/alerts/list-alert-rules";
import { setAlertRule } from "@/lib/alerts/set-alert-rule";
import { apiRoute } from "@/lib/api-route";

export const GET = apiRoute(
  { permission: "alerts.read", response: alertRuleListSchema },
  ({ db, projects }) => listAlertRules(db, projects),
);

export const PUT = apiRoute(
  { permission: "alerts.write_rules", body: putAlertRuleSchema, response: alertRuleSchema },
  ({ body, ...context }) => setAlertRule(context, body),
);
