import { changePolicyVersion } from "@/db/queries/policy";
import { findProject, lockProject, type ProjectRow, updateProjectRow } from "@/db/queries/projects";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { checkPatterns } from "@/lib/contents/check-patterns";
import { OutlayError } from "@/lib/errors";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import { toProjectAnswer } from "@/lib/projects/project-row";
import type { ProjectAnswer, UpdateProjectInput } from "@/lib/projects/project-schemas";
import { canSee } from "@/lib/projects/resolve-projects";
import { toTagMapping } from "@/lib/traces/to-tag-mapping";

/**
 * Changes a project. Trusting reported costs counts for calls received from now on; earlier ones keep theirs.
 * @throws OutlayError `not_found`, `forbidden`; `unprocessable` for a pattern that cannot be used
 */
export async function updateProject(
  context: ActionContext & { keys: Pick<KeyVerifier, "forget"> },
  id: string,
  input: UpdateProjectInput,
): Promise<ProjectAnswer> {
  if (input.redaction_patterns) checkPatterns(input.redaction_patterns, "redaction_patterns");
  const isPolicy = input.required_tags !== undefined || input.fail_mode !== undefined;
  // Asked before too: whoever may not change it must not make decisions wait.
  requireWrite(context, await findProject(context.db, id));
  const updated = await context.db.transaction(async (tx) => {
    // Decisions read these two: the next one goes by the new ones, and none under way sees half of a change.
    if (isPolicy) await changePolicyVersion(tx);
    const row = requireWrite(context, await lockProject(tx, id));
    const before = toProjectAnswer(row);
    const changed = await updateProjectRow(tx, id, {
      name: input.name ?? row.name,
      trustsReportedCost: input.trusts_reported_cost ?? row.trustsReportedCost,
      requiredTags: input.required_tags ?? row.requiredTags,
      failMode: input.fail_mode === undefined ? row.failMode : input.fail_mode,
      keepsContent: input.keeps_content ?? row.keepsContent,
      contentRetentionDays: input.content_retention_days ?? row.contentRetentionDays,
      redactionPatterns: input.redaction_patterns ?? row.redactionPatterns,
      tagMapping: input.tag_mapping ? toTagMapping(input.tag_mapping) : row.tagMapping,
      // null is an answer here: kept for ever.
      retentionDays: input.retention_days === undefined ? row.retentionDays : input.retention_days,
    });
    const after = toProjectAnswer(changed ?? row);
    await recordAudit(tx, context, {
      action: "project.update",
      targetType: "project",
      targetId: id,
      projectId: id,
      before,
      after,
    });
    return after;
  });
  // Ingest knows a project's rules from its keys.
  context.keys.forget({ projectId: id });
  return updated;
}

/** @throws OutlayError `not_found`, `forbidden` */
function requireWrite({ actor }: ActionContext, row: ProjectRow | null): ProjectRow {
  if (!row || row.archivedAt || !canSee(actor, row.id)) {
    throw new OutlayError("not_found", "There is no such project.");
  }
  requirePermission(actor, "projects.write", row.id);
  return row;
}
