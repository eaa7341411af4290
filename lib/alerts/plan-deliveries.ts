import { randomUUID } from "node:crypto";
import type { Db } from "@/db/postgres";
import { listBudgetsOfMany, listSnoozes } from "@/db/queries/alerts";
import { listActiveChannelRows } from "@/db/queries/channels";
import {
  insertDeliveries,
  insertDeliveryAlerts,
  listLastDigests,
  openDigest,
} from "@/db/queries/deliveries";
import { listProjectRows } from "@/db/queries/projects";
import type { Alert } from "@/lib/alerts/alert";
import { chooseChannels } from "@/lib/alerts/choose-channels";
import { stops } from "@/lib/alerts/describe-alert";
import { readChannelRow } from "@/lib/channels/channel-row";

/** A stage of a budget of many counters tells a channel at most so often. */
const DIGEST_MS = 15 * 60_000;

interface Planned {
  channelId: string;
  /** null: it is told by itself. */
  digestKey: string | null;
  isSilenced: boolean;
  alertIds: string[];
}

/** Plans who is told of alerts, in the transaction that marks them told. */
export async function planDeliveries(tx: Db, alerts: readonly Alert[], now: Date): Promise<void> {
  const planned = await choose(tx, alerts, now);
  await insertDeliveries(
    tx,
    planned.filter(isByItself).map(({ channelId, digestKey, isSilenced, alertIds }) => ({
      row: {
        id: randomUUID(),
        channelId,
        digestKey,
        dueAt: now,
        createdAt: now,
        ...(isSilenced ? { state: "silenced" } : {}),
      },
      alertIds,
    })),
  );
  const digests = planned.filter((one) => !isByItself(one));
  const last = await listLastDigests(
    tx,
    digests.flatMap(({ digestKey }) => digestKey ?? []),
  );
  for (const { channelId, digestKey, alertIds } of digests) {
    if (digestKey === null) continue;
    const before = last.find((one) => one.channelId === channelId && one.digestKey === digestKey);
    const dueMs = Math.max(now.getTime(), before ? before.dueAt.getTime() + DIGEST_MS : 0);
    const id = await openDigest(tx, { channelId, digestKey, dueAt: new Date(dueMs) });
    await insertDeliveryAlerts(tx, { id, channelId }, alertIds);
  }
}

/** What nobody is told of gathers nothing either. */
function isByItself({ digestKey, isSilenced }: Planned): boolean {
  return digestKey === null || isSilenced;
}

async function choose(tx: Db, alerts: readonly Alert[], now: Date): Promise<Planned[]> {
  const channels = (await listActiveChannelRows(tx)).map(readChannelRow);
  const slugs = new Map((await listProjectRows(tx)).map(({ id, slug }) => [id, slug]));
  const snoozes = await listSnoozes(
    tx,
    alerts.map(({ subject }) => subject),
    now,
  );
  const snoozed = new Set(snoozes.map(({ subject }) => subject));
  const ofMany = await listBudgetsOfMany(
    tx,
    alerts.flatMap(({ budgetId }) => budgetId ?? []),
  );
  const planned = new Map<string, Planned>();
  for (const alert of alerts) {
    const isSilenced = snoozed.has(alert.subject) && !stopsCalls(alert);
    const digestKey = digestKeyOf(alert, ofMany);
    for (const { id: channelId } of chooseChannels(alert, channels, slugs)) {
      const key = JSON.stringify([channelId, digestKey ?? alert.id, isSilenced]);
      const own = planned.get(key) ?? { channelId, digestKey, isSilenced, alertIds: [] };
      own.alertIds.push(alert.id);
      planned.set(key, own);
    }
  }
  return [...planned.values()];
}

/** Who is refused asks why, whatever somebody snoozed before. */
function stopsCalls({ action, facts }: Alert): boolean {
  return stops(action) && !(facts.kind === "threshold" && facts.mode === "observe");
}

function digestKeyOf(alert: Alert, ofMany: ReadonlySet<string>): string | null {
  const { budgetId, percent, facts } = alert;
  if (budgetId === null || !ofMany.has(budgetId)) return null;
  return [facts.kind, budgetId, percent ?? ""].join(":");
}
