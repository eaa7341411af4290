import type { AlertRuleRow } from "@/db/queries/alert-rules";
import type { AlertRuleAnswer } from "@/lib/alerts/alert-rule-schemas";
import { DEFAULT_RULES, type RuleKind } from "@/lib/alerts/alert-rules";
import { toAlertRule } from "@/lib/alerts/read-alert-rules";
import { readUsd } from "@/lib/budgets/budget-row";
import { formatUsd } from "@/lib/money";

/** A rule as it is answered. @param row null: nobody set it. @throws RangeError for a stored floor that is no amount */
export function toAlertRuleAnswer(
  kind: RuleKind,
  project: string | null,
  row: AlertRuleRow | null,
): AlertRuleAnswer {
  const rule = row ? toAlertRule(kind, row) : DEFAULT_RULES[kind];
  return {
    kind,
    project,
    is_default: row === null,
    enabled: rule.enabled,
    // As a person would write it: the store pads it to fifteen digits.
    floor_usd: formatUsd(readUsd(rule.floorUsd)),
    audience: [...rule.audience],
    options: { ...rule.options },
    updated_by: row?.updatedBy ?? null,
    updated_at: row?.updatedAt.toISOString() ?? null,
  };
}
