import { randomUUID } from "node:crypto";
import type { Db } from "@/db/postgres";
import { type AlertRow, lockAlertRow } from "@/db/queries/alerts";
import { listChannelRowsById } from "@/db/queries/channels";
import {
  type DeliveryRow,
  insertDeliveries,
  listDeliveriesOfAlerts,
  restartDelivery,
} from "@/db/queries/deliveries";
import type { ResendAlertInput } from "@/lib/alerts/alert-schemas";
import { alertNotFound, findHandledAlert } from "@/lib/alerts/find-alert";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";

/**
 * Has deliveries of an alert sent again, as other notices: one, a channel's (also one that was not told yet), or all. What
 * waits already is sent at once; what is being sent is left alone.
 * @returns how many are to be sent
 * @throws OutlayError `not_found`, `forbidden`, `unprocessable` for a channel that may not be told, `conflict` where
 * nothing is there to be sent
 */
export async function resendAlert(
  context: ActionContext,
  id: string,
  input: ResendAlertInput,
  nowMs = Date.now(),
): Promise<number> {
  await findHandledAlert(context, id);
  return context.db.transaction(async (tx) => {
    const alert = await lockAlertRow(tx, id);
    if (!alert) throw alertNotFound();
    if (alert.toldAt === null) {
      // Its channels are not chosen yet: what were planned here would be planned once more.
      throw new OutlayError("conflict", "It is about to be told: there is nothing to send again.");
    }
    const now = new Date(nowMs);
    const own = (await listDeliveriesOfAlerts(tx, [id])).map(({ delivery }) => delivery);
    const named = nameDeliveries(own, input);
    const chosen = await choose(tx, named, now);
    const isNew = input.channel !== undefined && named.length === 0;
    if (isNew) await planFor(tx, alert, input.channel ?? "", now);
    for (const { id: deliveryId } of chosen) await restartDelivery(tx, deliveryId, now);
    const count = isNew ? 1 : chosen.length;
    if (count === 0) {
      throw new OutlayError(
        "conflict",
        "Nothing of it can be sent again: it waits, or its channels are gone.",
      );
    }
    await recordAudit(tx, context, {
      action: "alert.resend",
      targetType: "alert",
      targetId: id,
      projectId: alert.projectId,
      after: { deliveries: count, ...input },
    });
    return count;
  });
}

function nameDeliveries(
  own: readonly DeliveryRow[],
  { delivery_id, channel }: ResendAlertInput,
): DeliveryRow[] {
  const named = own.filter(
    (one) =>
      (delivery_id === undefined || one.id === delivery_id) &&
      (channel === undefined || one.channelId === channel),
  );
  if (delivery_id !== undefined && named.length === 0) {
    throw new OutlayError("not_found", "There is no such delivery of this alert.");
  }
  return named;
}

async function choose(tx: Db, named: readonly DeliveryRow[], now: Date): Promise<DeliveryRow[]> {
  const rows = await listChannelRowsById(
    tx,
    named.map(({ channelId }) => channelId),
  );
  const active = new Set(rows.filter((row) => row.archivedAt === null).map((row) => row.id));
  return named.filter((one) => active.has(one.channelId) && !isOnItsWay(one, now));
}

/** A first try that nobody began waits anyway; one that failed need not wait for its time, unless it is being sent. */
function isOnItsWay({ state, attempts, claimedUntil }: DeliveryRow, now: Date): boolean {
  if (state !== "pending") return false;
  return attempts === 0 || (claimedUntil !== null && claimedUntil > now);
}

async function planFor(tx: Db, alert: AlertRow, channelId: string, now: Date): Promise<void> {
  const [row] = await listChannelRowsById(tx, [channelId]);
  const isOurs =
    row?.projectId === null || (alert.projectId !== null && row?.projectId === alert.projectId);
  if (!row || row.archivedAt || !isOurs) {
    throw new OutlayError(
      "unprocessable",
      "The body has a fault: channel is none that this alert may be told to.",
      {
        errors: [{ path: "channel", message: "is none that this alert may be told to" }],
      },
    );
  }
  const delivery = { id: randomUUID(), channelId, dueAt: now, createdAt: now };
  await insertDeliveries(tx, [{ row: delivery, alertIds: [alert.id] }]);
}
