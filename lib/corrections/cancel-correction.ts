import { lockCorrection, updateCorrection } from "@/db/queries/corrections";
import { recordAudit } from "@/lib/audit/record-audit";
import { requirePermission } from "@/lib/auth/actor";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { correctionNotFound } from "@/lib/corrections/find-correction";
import { awaitCorrection, type RequestContext } from "@/lib/corrections/request-correction";
import { OutlayError } from "@/lib/errors";
import { canSee } from "@/lib/projects/resolve-projects";

/**
 * Stops a reprice after the batch under way. What was done stays and is said: its sums are those of the calls that
 * changed.
 * @throws OutlayError `not_found`, `forbidden`; `conflict` for one that is over
 */
export async function cancelCorrection(
  context: RequestContext,
  id: string,
): Promise<CorrectionAnswer> {
  await context.db.transaction(async (tx) => {
    const row = await lockCorrection(tx, id);
    if (row?.kind !== "reprice" || !row.projectIds.every((of) => canSee(context.actor, of))) {
      throw correctionNotFound();
    }
    for (const projectId of row.projectIds) {
      requirePermission(context.actor, "calls.reprice", projectId);
    }
    if (row.state !== "queued" && row.state !== "running") {
      throw new OutlayError("conflict", `This reprice is ${row.state} already.`);
    }
    // One that began is over when its last batch is settled: the job says so.
    const finishedAt = row.state === "queued" ? new Date() : null;
    await updateCorrection(tx, id, { state: "cancelled", finishedAt });
    await recordAudit(tx, context, {
      action: "correction.cancel",
      targetType: "correction",
      targetId: id,
      projectId: row.projectIds.length === 1 ? (row.projectIds[0] ?? null) : null,
      before: { state: row.state, calls_seen: row.callsSeen, calls_changed: row.callsChanged },
      after: { state: "cancelled" },
    });
  });
  return awaitCorrection(context, id);
}
