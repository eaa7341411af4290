import { requirePermission } from "@/lib/auth/actor";
import type { ReadableProject } from "@/lib/calls/narrow-projects";
import { ALL_TIME } from "@/lib/corrections/correction-row";
import type { CorrectionAnswer, ErasureInput } from "@/lib/corrections/correction-schemas";
import { ERASED } from "@/lib/corrections/decide-revision";
import {
  awaitCorrection,
  type RequestContext,
  storeCorrection,
} from "@/lib/corrections/request-correction";
import { OutlayError } from "@/lib/errors";

/**
 * Asks for a user or a session to be erased from every call of one project, of all time: dollars and counts stay, the
 * names go, from earlier states too. It reaches what is stored when it runs; an event of that name sent later is a new
 * fact, and one sent again (a retry) has a lower revision, so it never shows.
 * @throws OutlayError `forbidden`; `bad_request` where it is not one project; `unprocessable` where the reason, which is
 * kept, would hold the name
 */
export async function requestErasure(
  context: RequestContext & { projects: readonly ReadableProject[] },
  input: ErasureInput,
): Promise<CorrectionAnswer> {
  const [project, ...others] = context.projects;
  if (!project || others.length > 0) {
    throw new OutlayError("bad_request", "An erasure is of one project. Say which: project=…", {
      errors: [{ path: "project", message: "must name one project" }],
    });
  }
  requirePermission(context.actor, "calls.erase", project.id);
  const dimension = input.user === undefined ? "session" : "user";
  const name = input.user ?? input.session ?? "";
  const fault = faultOf(name, dimension, input.reason ?? "");
  if (fault) {
    const detail = `This cannot be erased: ${fault.path} ${fault.message}.`;
    throw new OutlayError("unprocessable", detail, { errors: [fault] });
  }
  const { id } = await storeCorrection(
    context,
    {
      kind: "erase",
      projectIds: [project.id],
      ...ALL_TIME,
      filters: [{ dimension, values: [name] }],
      isDryRun: input.dry_run,
      reason: input.reason ?? "",
    },
    (row) => ({
      action: input.dry_run ? "correction.erase_dry_run" : "correction.erase",
      targetType: "correction",
      targetId: row.id,
      // Without the name: the trail outlives the erasure.
      after: { of: dimension, reason: row.reason },
    }),
  );
  return awaitCorrection(context, id);
}

function faultOf(name: string, dimension: string, reason: string) {
  if (name === ERASED) return { path: dimension, message: "is erased already" };
  if (!reason.toLowerCase().includes(name.toLowerCase())) return null;
  return { path: "reason", message: "must not hold the name: it is kept" };
}
