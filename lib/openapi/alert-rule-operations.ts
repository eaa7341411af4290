import {
  alertRuleListSchema,
  alertRuleSchema,
  putAlertRuleSchema,
} from "@/lib/alerts/alert-rule-schemas";
import type { Operation } from "@/lib/openapi/operation";

/** Which alerts are raised. */
export const ALERT_RULE_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/alert-rules",
    summary: "Which alerts are raised, from which amount on, and for whom",
    description:
      "The installation's rule of each kind, then those that the projects asked about have of their own.",
    permission: "alerts.read",
    response: alertRuleListSchema,
  },
  {
    method: "put",
    path: "/api/alert-rules",
    summary: "Set the rule of a kind of alert, or go back to the default",
    description:
      "Without a project it counts in every project that has none of its own, and takes the permission in all of them.",
    permission: "alerts.write_rules",
    body: putAlertRuleSchema,
    response: alertRuleSchema,
  },
];
