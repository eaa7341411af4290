import type { ClickHouse } from "@/db/clickhouse/client";
import { deleteProjectCalls } from "@/db/clickhouse/queries/delete-project-calls";
import { deleteProjectRollups } from "@/db/clickhouse/queries/delete-rollups";
import { archiveProjectBudgets } from "@/db/queries/budgets";
import { setProjectKeysRevoked } from "@/db/queries/keys";
import { deleteOutcomes } from "@/db/queries/outcomes";
import { changePolicyVersion } from "@/db/queries/policy";
import { findProject, updateProjectRow } from "@/db/queries/projects";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import { canSee } from "@/lib/projects/resolve-projects";

interface DeleteContext extends ActionContext {
  keys: Pick<KeyVerifier, "forget">;
  clickhouse: ClickHouse;
}

/**
 * Removes a demo project: out of sight and its keys revoked in one transaction, then its calls, their rollups
 * and its outcomes. Only a demo's: what was really spent is never deleted. When the calls store fails, doing it
 * again finishes the work.
 * @throws OutlayError `not_found`, `forbidden`, `conflict` for a project that is no demo
 */
export async function deleteDemoProject(context: DeleteContext, id: string): Promise<void> {
  await context.db.transaction(async (tx) => {
    const row = await findProject(tx, id);
    if (!row || !canSee(context.actor, id)) {
      throw new OutlayError("not_found", "There is no such project.");
    }
    // It takes a project from everybody, so it takes the right to make one.
    requirePermission(context.actor, "projects.create", null);
    if (!row.isDemo) {
      throw new OutlayError("conflict", `${row.name} is no demo: real spending is not deleted.`);
    }
    if (row.archivedAt) return;
    await changePolicyVersion(tx);
    const at = new Date();
    await updateProjectRow(tx, id, { archivedAt: at });
    // Their calls go: nothing is left that they could be held against.
    await archiveProjectBudgets(tx, id, at);
    const revoked = await setProjectKeysRevoked(tx, id, at);
    await recordAudit(tx, context, {
      action: "project.delete_demo",
      targetType: "project",
      targetId: id,
      projectId: id,
      before: { slug: row.slug, name: row.name },
      after: { revoked_keys: revoked },
    });
  });
  context.keys.forget({ projectId: id });
  await deleteProjectRollups(context.clickhouse, id);
  await deleteProjectCalls(context.clickhouse, id);
  await deleteOutcomes(context.db, { projectId: id });
}
