import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import type { AlertRow } from "@/db/queries/alerts";
import { rowsOf } from "@/db/rows-of";
import { alerts, channels, deliveries, deliveryAlerts, deliveryAttempts } from "@/db/schema/alerts";

export type DeliveryRow = typeof deliveries.$inferSelect;
export type NewDeliveryRow = typeof deliveries.$inferInsert;
export type DeliveryAttemptRow = typeof deliveryAttempts.$inferSelect;

/** PostgreSQL takes 65,535 values a statement. */
const ROWS_PER_STATEMENT = 1_000;

/** Plans deliveries, each of one alert. */
export async function insertDeliveries(
  tx: Db,
  planned: readonly { row: NewDeliveryRow & { id: string }; alertIds: readonly string[] }[],
): Promise<void> {
  for (let start = 0; start < planned.length; start += ROWS_PER_STATEMENT) {
    const some = planned.slice(start, start + ROWS_PER_STATEMENT);
    await tx.insert(deliveries).values(some.map(({ row }) => row));
  }
  const told = planned.flatMap(({ row: { id, channelId }, alertIds }) =>
    alertIds.map((alertId) => ({ alertId, channelId, deliveryId: id })),
  );
  await insertTold(tx, told);
}

/** Adds alerts to a delivery; one that was planned for this channel before stays where it is. */
export async function insertDeliveryAlerts(
  tx: Db,
  { id, channelId }: { id: string; channelId: string },
  alertIds: readonly string[],
): Promise<void> {
  await insertTold(
    tx,
    alertIds.map((alertId) => ({ alertId, channelId, deliveryId: id })),
  );
}

async function insertTold(
  tx: Db,
  told: readonly (typeof deliveryAlerts.$inferInsert)[],
): Promise<void> {
  for (let start = 0; start < told.length; start += ROWS_PER_STATEMENT) {
    const some = told.slice(start, start + ROWS_PER_STATEMENT);
    await tx.insert(deliveryAlerts).values(some).onConflictDoNothing();
  }
}

/**
 * The digest of a channel that nobody began to send yet, made if there is none. It is locked until the transaction ends:
 * whoever sends it either has what is added now, or had begun before, and then it is not this one.
 * @param dueAt when a new one is to be sent @returns its id
 */
export async function openDigest(
  tx: Db,
  { channelId, digestKey, dueAt }: { channelId: string; digestKey: string; dueAt: Date },
): Promise<string> {
  const [row] = await tx
    .insert(deliveries)
    .values({ channelId, digestKey, dueAt })
    .onConflictDoUpdate({
      target: [deliveries.channelId, deliveries.digestKey],
      targetWhere: sql`${deliveries.state} = 'pending' and ${deliveries.attempts} = 0`,
      set: { digestKey },
    })
    .returning({ id: deliveries.id });
  if (!row) throw new Error("the digest was not stored");
  return row.id;
}

/** When digests of these keys were due last, by channel and key. */
export async function listLastDigests(
  db: Db,
  digestKeys: readonly string[],
): Promise<{ channelId: string; digestKey: string; dueAt: Date }[]> {
  if (digestKeys.length === 0) return [];
  const rows = await db
    .select({
      channelId: deliveries.channelId,
      digestKey: sql<string>`${deliveries.digestKey}`,
      dueMs: sql<string>`extract(epoch from max(${deliveries.dueAt})) * 1000`,
    })
    .from(deliveries)
    .where(inArray(deliveries.digestKey, [...digestKeys]))
    .groupBy(deliveries.channelId, deliveries.digestKey);
  return rows.map(({ dueMs, ...row }) => ({ ...row, dueAt: new Date(Number(dueMs)) }));
}

/** The alerts of deliveries by the delivery's id, oldest first. */
export async function listAlertsOfDeliveries(
  db: Db,
  deliveryIds: readonly string[],
): Promise<Map<string, AlertRow[]>> {
  if (deliveryIds.length === 0) return new Map();
  const rows = await db
    .select({ deliveryId: deliveryAlerts.deliveryId, alert: alerts })
    .from(deliveryAlerts)
    .innerJoin(alerts, eq(alerts.id, deliveryAlerts.alertId))
    .where(inArray(deliveryAlerts.deliveryId, [...deliveryIds]))
    .orderBy(asc(alerts.openedAt), asc(alerts.id));
  const byDelivery = new Map<string, AlertRow[]>();
  for (const { deliveryId, alert } of rows) {
    byDelivery.set(deliveryId, [...(byDelivery.get(deliveryId) ?? []), alert]);
  }
  return byDelivery;
}

/** Deliveries of alerts, each with the alert it is of, in the order they were planned. */
export async function listDeliveriesOfAlerts(
  db: Db,
  alertIds: readonly string[],
): Promise<{ alertId: string; delivery: DeliveryRow }[]> {
  if (alertIds.length === 0) return [];
  return db
    .select({ alertId: deliveryAlerts.alertId, delivery: deliveries })
    .from(deliveryAlerts)
    .innerJoin(deliveries, eq(deliveries.id, deliveryAlerts.deliveryId))
    .where(inArray(deliveryAlerts.alertId, [...alertIds]))
    .orderBy(asc(deliveries.createdAt), asc(deliveries.id));
}

/** The latest delivery of each channel that was or is to be sent, by the channel's id. */
export async function findLastDeliveries(
  db: Db,
  channelIds: readonly string[],
): Promise<Map<string, DeliveryRow>> {
  if (channelIds.length === 0) return new Map();
  const rows = await db
    .selectDistinctOn([deliveries.channelId])
    .from(deliveries)
    .where(
      and(
        inArray(deliveries.channelId, [...channelIds]),
        inArray(deliveries.state, ["pending", "sent", "dead"]),
      ),
    )
    .orderBy(deliveries.channelId, desc(deliveries.createdAt), desc(deliveries.id));
  return new Map(rows.map((row) => [row.channelId, row]));
}

/** Tries of deliveries, in order. */
export async function listAttempts(
  db: Db,
  deliveryIds: readonly string[],
): Promise<DeliveryAttemptRow[]> {
  if (deliveryIds.length === 0) return [];
  return db
    .select()
    .from(deliveryAttempts)
    .where(inArray(deliveryAttempts.deliveryId, [...deliveryIds]))
    .orderBy(asc(deliveryAttempts.deliveryId), asc(deliveryAttempts.attempt));
}

/** Has a delivery sent again from the start, as another notice; it joins no digest. */
export async function restartDelivery(tx: Db, id: string, dueAt: Date): Promise<void> {
  await tx
    .update(deliveries)
    .set({
      state: "pending",
      attempts: 0,
      resends: sql`${deliveries.resends} + 1`,
      digestKey: null,
      dueAt,
      claimedUntil: null,
      lastError: null,
      sentAt: null,
      receipt: null,
    })
    .where(eq(deliveries.id, id));
}

/** Cancels what waits for a channel. */
export async function cancelDeliveriesOf(tx: Db, channelId: string): Promise<void> {
  await tx
    .update(deliveries)
    .set({ state: "cancelled", lastError: "its channel was removed" })
    .where(and(eq(deliveries.channelId, channelId), eq(deliveries.state, "pending")));
}

/** What resolves an incident is a delivery of its own, named by the one that opened it. */
const RESOLVES = "resolve:";

/** The delivery that this one resolves; null: it opens. */
export function resolvedDeliveryOf({ digestKey }: Pick<DeliveryRow, "digestKey">): string | null {
  return digestKey?.startsWith(RESOLVES) ? digestKey.slice(RESOLVES.length) : null;
}

/**
 * Plans what resolves the incidents of channels that have some: those whose alerts are all over, once each.
 * @param sinceMs deliveries planned before are left alone
 */
export async function planResolutions(
  tx: Db,
  type: string,
  { now, since }: { now: Date; since: Date },
): Promise<number> {
  const planned = await tx.execute(sql`
    insert into ${deliveries} (channel_id, digest_key, due_at)
    select opened.channel_id, ${RESOLVES}::text || opened.id, ${now.toISOString()}::timestamptz
    from ${deliveries} as opened
    join ${channels} as channel on channel.id = opened.channel_id
    where channel.type = ${type} and channel.archived_at is null
      and opened.state = 'sent' and opened.created_at >= ${since.toISOString()}::timestamptz
      and (opened.digest_key is null or opened.digest_key not like ${`${RESOLVES}%`})
      and exists (select from ${deliveryAlerts} as of where of.delivery_id = opened.id)
      and not exists (
        select from ${deliveryAlerts} as of join ${alerts} as open on open.id = of.alert_id
        where of.delivery_id = opened.id and open.resolved_at is null)
      and not exists (
        select from ${deliveries} as resolving
        where resolving.channel_id = opened.channel_id
          and resolving.digest_key = ${RESOLVES}::text || opened.id)
    returning 1`);
  return rowsOf(planned).length;
}
