import { findOpenRun, insertRun } from "@/db/queries/integrity";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, can, forbidden } from "@/lib/auth/actor";
import { toRunAnswer } from "@/lib/integrity/get-integrity";
import type { IntegrityRunAnswer } from "@/lib/integrity/integrity-schemas";

/**
 * Asks for a comparison of every day now; the job begins it within seconds, in whichever process it runs. Where one is
 * under way already, that one is answered.
 * @param context.projects those the request names: it takes the permission in one of them.
 * @throws OutlayError `forbidden`
 */
export async function requestCheck(
  context: ActionContext & { projects: readonly { id: string }[] },
): Promise<IntegrityRunAnswer> {
  const { actor, projects } = context;
  if (!projects.some(({ id }) => can(actor, "integrity.check", id))) {
    throw forbidden(actor, "integrity.check");
  }
  return context.db.transaction(async (tx) => {
    const open = await findOpenRun(tx);
    if (open) return toRunAnswer(open);
    const run = await insertRun(tx, { startedAt: new Date(), isFull: true });
    await recordAudit(tx, context, {
      action: "integrity.check",
      targetType: "integrity_run",
      targetId: run.id,
      projectId: null,
    });
    return toRunAnswer(run);
  });
}
