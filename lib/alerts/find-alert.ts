import type { Db } from "@/db/postgres";
import { type AlertRow, findAlertRow, listSnoozes } from "@/db/queries/alerts";
import { listProjectRows } from "@/db/queries/projects";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";
import { answerAlerts } from "@/lib/alerts/list-alerts";
import { type ActionContext, type Actor, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { canSee } from "@/lib/projects/resolve-projects";

/** One alert with who was told of it. @throws OutlayError `not_found` */
export async function findAlert(
  { db, actor }: { db: Db; actor: Actor },
  id: string,
  nowMs = Date.now(),
): Promise<AlertAnswer> {
  const alert = await findReadableAlert({ db, actor }, id);
  const [snooze = null] = await listSnoozes(db, [alert.subject], new Date(nowMs));
  const projects = (await listProjectRows(db)).filter((project) => canSee(actor, project.id));
  const [answer] = await answerAlerts({ db, actor, projects }, [{ alert, snooze }]);
  if (!answer) throw alertNotFound();
  return answer;
}

/**
 * An alert that somebody is about to handle. One of the whole installation is everybody's, so it takes the right in
 * every project.
 * @throws OutlayError `not_found`, `forbidden`
 */
export async function findHandledAlert(context: ActionContext, id: string): Promise<AlertRow> {
  const row = await findReadableAlert(context, id);
  requirePermission(context.actor, "alerts.handle", row.projectId);
  return row;
}

/** The answer for an alert that is not there, or not there for this reader. */
export function alertNotFound(): OutlayError {
  return new OutlayError("not_found", "There is no such alert.");
}

async function findReadableAlert(
  { db, actor }: { db: Db; actor: Actor },
  id: string,
): Promise<AlertRow> {
  const row = await findAlertRow(db, id);
  if (row && (row.projectId === null || canSee(actor, row.projectId))) return row;
  throw alertNotFound();
}
