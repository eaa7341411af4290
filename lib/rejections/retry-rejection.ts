import { findProject } from "@/db/queries/projects";
import { lockRejection, updateRejection } from "@/db/queries/rejections";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { canSee } from "@/lib/projects/resolve-projects";
import type { RejectionAnswer } from "@/lib/rejections/rejection-schemas";
import { toRejection } from "@/lib/rejections/to-rejection";

/**
 * Has an event that did not count tried again, by the process whose spool it came from: within a second. Asking twice
 * changes nothing.
 * @param context.wakeRetries tells this process's own spool at once
 * @throws OutlayError `not_found`, `forbidden`; `conflict` where it counts already, or is kept only in part
 */
export async function retryRejection(
  context: ActionContext & { wakeRetries: () => void },
  id: string,
): Promise<RejectionAnswer> {
  const answer = await context.db.transaction(async (tx) => {
    const row = await lockRejection(tx, id);
    const project =
      row && canSee(context.actor, row.projectId) && (await findProject(tx, row.projectId));
    if (!project || project.archivedAt) {
      throw new OutlayError("not_found", "There is no such rejection.");
    }
    requirePermission(context.actor, "rejections.retry", row.projectId);
    if (row.state === "retrying") return toRejection(row, project.slug);
    if (row.state === "accepted") {
      throw new OutlayError("conflict", "This event was tried again and counts.");
    }
    if (row.isTruncated) {
      const detail =
        "Only a part of this event is kept: mend it where it came from and send it again.";
      throw new OutlayError("conflict", detail);
    }
    // In whole milliseconds: it is a part of what tells a repeat of this retry from the next one.
    const change = { state: "retrying" as const, retriedAt: new Date() };
    const changed = await updateRejection(tx, id, change);
    await recordAudit(tx, context, {
      action: "rejection.retry",
      targetType: "rejection",
      targetId: id,
      projectId: row.projectId,
      before: { state: row.state },
      after: { state: change.state },
    });
    return toRejection(changed ?? row, project.slug);
  });
  context.wakeRetries();
  return answer;
}
