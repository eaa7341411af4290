import {
  type AlertRulePlace,
  type AlertRuleRow,
  deleteAlertRuleRow,
  lockAlertRuleRow,
  saveAlertRuleRow,
} from "@/db/queries/alert-rules";
import { toAlertRuleAnswer } from "@/lib/alerts/alert-rule-answer";
import type {
  AlertRuleAnswer,
  ResetAlertRuleInput,
  SetAlertRuleInput,
} from "@/lib/alerts/alert-rule-schemas";
import type { RuleKind } from "@/lib/alerts/alert-rules";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { findVisibleProject } from "@/lib/projects/find-visible-project";

/**
 * Sets which alerts of a kind are raised, in one project or (without one) in all that have no rule of their own; or goes
 * back to what held before anybody set one. What was told stays told.
 * @throws OutlayError `forbidden`, `not_found` for its project
 */
export async function setAlertRule(
  context: ActionContext,
  input: SetAlertRuleInput | ResetAlertRuleInput,
): Promise<AlertRuleAnswer> {
  const { kind, project } = input;
  const projectId = project === null ? null : (await findVisibleProject(context, project)).id;
  // Without a project it steers everybody's: a role in one is not enough.
  requirePermission(context.actor, "alerts.write_rules", projectId);
  const place = { kind, projectId };
  return context.db.transaction(async (tx) => {
    const before = await lockAlertRuleRow(tx, place);
    const after = await change(tx, place, input, context.actor.name);
    await recordAudit(tx, context, {
      action: "alert_rule.set",
      targetType: "alert_rule",
      targetId: kind,
      projectId,
      before: stateOf(kind, before),
      after: stateOf(kind, after),
    });
    return toAlertRuleAnswer(kind, project, after);
  });
}

async function change(
  tx: ActionContext["db"],
  place: AlertRulePlace,
  input: SetAlertRuleInput | ResetAlertRuleInput,
  updatedBy: string,
): Promise<AlertRuleRow | null> {
  if (input.use_default) {
    await deleteAlertRuleRow(tx, place);
    return null;
  }
  const { enabled, floor_usd: floorUsd, audience, options } = input;
  return saveAlertRuleRow(tx, { ...place, enabled, floorUsd, audience, options, updatedBy });
}

/** What counts, with who set it left out: an unchanged rule that is set again is no change. */
function stateOf(kind: RuleKind, row: AlertRuleRow | null) {
  const { is_default, enabled, floor_usd, audience, options } = toAlertRuleAnswer(kind, null, row);
  return { is_default, enabled, floor_usd, audience, options };
}
