import { findCorrection } from "@/db/queries/corrections";
import { findProject } from "@/db/queries/projects";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import type { WholeCallAnswer } from "@/lib/calls/call-schemas";
import { findCall } from "@/lib/calls/find-call";
import type { ReadableProject } from "@/lib/calls/narrow-projects";
import type { CorrectionContext } from "@/lib/corrections/correction-context";
import { ID_FILTER } from "@/lib/corrections/read-correction-page";
import { storeCorrection } from "@/lib/corrections/request-correction";
import { runCorrection } from "@/lib/corrections/run-correction";
import { OutlayError } from "@/lib/errors";
import { parseTimestamp } from "@/lib/events/parse-timestamp";

export interface CallCorrectionContext
  extends ActionContext,
    Pick<CorrectionContext, "clickhouse" | "postgres" | "prices" | "log"> {
  projects: readonly ReadableProject[];
}

/** Which call, as GET /api/calls/{id} has it; the timestamp in microseconds since 1970, or null. */
export interface CallCorrection {
  id: string;
  timestampUs: number | null;
  reason: string;
}

/**
 * Takes one call out of every sum, or back in, at once: a correction of one call, worked off by the caller. Should the
 * process end in between, the job finishes it.
 * @returns the whole call after it
 * @throws OutlayError `not_found`, `bad_request` (see `findCall`), `forbidden`; `conflict` where it is so already
 */
export async function setCallCounted(
  context: CallCorrectionContext,
  asked: CallCorrection,
  isCounted: boolean,
): Promise<WholeCallAnswer> {
  const call = await findCall(context, asked.id, asked.timestampUs);
  const project = context.projects.find(({ slug }) => slug === call.project);
  requirePermission(context.actor, "calls.void", project?.id ?? null);
  if (call.counted === isCounted) throw already(isCounted);
  const fromUs = parseTimestamp(call.timestamp);
  if (fromUs === null || !project) throw new Error("a call has no place");
  const sealedBefore = (await findProject(context.db, project.id))?.sealedBefore;
  if (sealedBefore && fromUs < sealedBefore.getTime() * 1000) {
    throw new OutlayError("conflict", "The sums of its day are sealed: its calls have expired.");
  }
  const { id: correctionId } = await storeCorrection(
    context,
    {
      kind: isCounted ? "restore" : "void",
      projectIds: [project.id],
      fromUs,
      toUs: fromUs + 1,
      filters: [{ dimension: ID_FILTER, values: [call.id] }],
      reason: asked.reason,
    },
    (row) => ({
      action: isCounted ? "call.restore" : "call.void",
      targetType: "call",
      targetId: call.id,
      after: { timestamp: call.timestamp, cost_usd: call.cost_usd, reason: row.reason },
    }),
  );
  try {
    await runCorrection(context, correctionId);
  } catch (cause) {
    const detail = "It is stored and will be done as soon as the stores answer.";
    throw new OutlayError("unavailable", detail, { cause, retryAfterSeconds: 5 });
  }
  const done = await findCorrection(context.db, correctionId);
  // Somebody did the same at the same time, and was first.
  if (done?.callsChanged === 0) throw already(isCounted);
  return findCall({ ...context, projects: [project] }, call.id, fromUs);
}

function already(isCounted: boolean): OutlayError {
  const detail = isCounted ? "This call counts already." : "This call is voided already.";
  return new OutlayError("conflict", detail);
}
