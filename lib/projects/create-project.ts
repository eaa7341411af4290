import { changePolicyVersion } from "@/db/queries/policy";
import { insertProject } from "@/db/queries/projects";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { toProjectAnswer } from "@/lib/projects/project-row";
import type { CreateProjectInput, ProjectAnswer } from "@/lib/projects/project-schemas";

/** Makes a project. @throws OutlayError `forbidden`, `conflict` for a slug that is taken */
export async function createProject(
  context: ActionContext,
  input: CreateProjectInput,
): Promise<ProjectAnswer> {
  requirePermission(context.actor, "projects.create", null);
  return context.db.transaction(async (tx) => {
    // The policy knows each project's rules.
    await changePolicyVersion(tx);
    const row = await insertProject(tx, {
      slug: input.slug,
      name: input.name,
      isDemo: input.is_demo,
      trustsReportedCost: input.trusts_reported_cost,
      requiredTags: input.required_tags,
    });
    if (!row) throw new OutlayError("conflict", `There is a project ${input.slug} already.`);
    await recordAudit(tx, context, {
      action: "project.create",
      targetType: "project",
      targetId: row.id,
      projectId: row.id,
      after: input,
    });
    return toProjectAnswer(row);
  });
}
