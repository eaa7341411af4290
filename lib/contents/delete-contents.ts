import type { ClickHouse } from "@/db/clickhouse/client";
import { deleteProjectContents } from "@/db/clickhouse/queries/delete-contents";
import { findProject } from "@/db/queries/projects";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { canSee } from "@/lib/projects/resolve-projects";

/**
 * Deletes everything that was said in a project's calls; the calls and what they cost stay. When the store fails, doing
 * it again finishes the work.
 * @throws OutlayError `not_found`, `forbidden`; `conflict` while the project keeps content: more would come meanwhile
 */
export async function deleteContents(
  context: ActionContext & { clickhouse: ClickHouse },
  projectId: string,
): Promise<void> {
  const project = await findProject(context.db, projectId);
  if (!project || project.archivedAt || !canSee(context.actor, projectId)) {
    throw new OutlayError("not_found", "There is no such project.");
  }
  requirePermission(context.actor, "projects.write", projectId);
  if (project.keepsContent) {
    const detail = "This project still keeps content: switch that off first.";
    throw new OutlayError("conflict", detail);
  }
  // Before it: what is gone without a trace would be worse than a trace of what failed.
  await recordAudit(context.db, context, {
    action: "content.delete",
    targetType: "project",
    targetId: projectId,
    projectId,
  });
  await deleteProjectContents(context.clickhouse, projectId);
}
