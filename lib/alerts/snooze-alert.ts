import { deleteSnooze, listSnoozes, lockAlertRow, saveSnooze } from "@/db/queries/alerts";
import { MAX_SNOOZE_MINUTES, type SnoozeAlertInput } from "@/lib/alerts/alert-schemas";
import { alertNotFound, findHandledAlert } from "@/lib/alerts/find-alert";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";

const MINUTE_MS = 60_000;

/**
 * Silences what an alert is about until an instant, or ends that. What is found meanwhile is recorded and shown; what
 * stops calls is told nonetheless.
 * @throws OutlayError `not_found`, `forbidden`, `unprocessable` for a past end
 */
export async function snoozeAlert(
  context: ActionContext,
  id: string,
  input: SnoozeAlertInput,
  nowMs = Date.now(),
): Promise<void> {
  await findHandledAlert(context, id);
  const until = readUntil(input, nowMs);
  await context.db.transaction(async (tx) => {
    const row = await lockAlertRow(tx, id);
    if (!row) throw alertNotFound();
    const at = new Date(nowMs);
    const { subject } = row;
    const [before] = await listSnoozes(tx, [subject], at);
    const by = context.actor.name;
    if (until === null) await deleteSnooze(tx, subject);
    else await saveSnooze(tx, { subject, until, by, reason: input.reason, at });
    await recordAudit(tx, context, {
      action: until === null ? "alert.end_snooze" : "alert.snooze",
      targetType: "alert",
      targetId: id,
      projectId: row.projectId,
      before: { until: before?.until.toISOString() ?? null, reason: before?.reason ?? null },
      after: {
        until: until?.toISOString() ?? null,
        reason: until === null ? null : input.reason,
      },
    });
  });
}

/** null: the snooze ends. */
function readUntil({ until, minutes }: SnoozeAlertInput, nowMs: number): Date | null {
  if (minutes !== undefined) return new Date(nowMs + minutes * MINUTE_MS);
  if (until == null) return null;
  const end = new Date(until);
  // As far as minutes reach: what is silenced for years is forgotten, and a rule turned off says so.
  const isAhead = end.getTime() > nowMs;
  if (isAhead && end.getTime() <= nowMs + MAX_SNOOZE_MINUTES * MINUTE_MS) return end;
  const message = isAhead ? "must lie within 90 days" : "must lie ahead";
  throw new OutlayError("unprocessable", `The body has a fault: until ${message}.`, {
    errors: [{ path: "until", message }],
  });
}
