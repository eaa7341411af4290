import { and, eq, inArray, lte, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { reservations } from "@/db/schema/budgets";

export type ReservationRow = typeof reservations.$inferSelect;
export type ReservationKey = Pick<ReservationRow, "projectId" | "id">;

/** An event that ends a reservation. */
export interface Settlement extends ReservationKey {
  /** Seconds since 1970. */
  eventBucket: number;
  eventId: string;
}

/** Reservations by their keys, as they are. What is not there is left out. */
export function findReservations(
  db: Db,
  keys: readonly ReservationKey[],
): Promise<ReservationRow[]> {
  if (keys.length === 0) return Promise.resolve([]);
  return db.select().from(reservations).where(isOneOf(keys));
}

/**
 * As `findReservations`; they are locked until the transaction ends, in one order. Whoever moves counters for them has
 * locked those before.
 */
export function lockReservations(
  tx: Db,
  keys: readonly ReservationKey[],
): Promise<ReservationRow[]> {
  if (keys.length === 0) return Promise.resolve([]);
  return tx
    .select()
    .from(reservations)
    .where(isOneOf(keys))
    .orderBy(reservations.projectId, reservations.id)
    .for("update");
}

/** Ends reservations by their events. They are locked. */
export async function settleReservations(
  tx: Db,
  settlements: readonly Settlement[],
): Promise<void> {
  if (settlements.length === 0) return;
  const rows = settlements.map(({ projectId, id, eventBucket, eventId }) => {
    return { project_id: projectId, id, event_bucket: eventBucket, event_id: eventId };
  });
  await tx.execute(sql`
    update ${reservations} r set state = 'settled', ended_at = clock_timestamp(),
      event_bucket = s.event_bucket, event_id = s.event_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as s(project_id uuid, id text, event_bucket bigint, event_id text)
    where r.project_id = s.project_id and r.id = s.id`);
}

/** Open reservations whose time was over at an instant, the earliest first. */
export function findOverdueReservations(
  db: Db,
  before: Date,
  limit: number,
): Promise<ReservationRow[]> {
  return db
    .select()
    .from(reservations)
    .where(and(eq(reservations.state, "held"), lte(reservations.expiresAt, before)))
    .orderBy(reservations.expiresAt)
    .limit(limit);
}

/** When the first of the open reservations expires; null: there is none. */
export async function findNextExpiry(db: Db): Promise<Date | null> {
  const [row] = await db
    .select({ expiresAt: reservations.expiresAt })
    .from(reservations)
    .where(eq(reservations.state, "held"))
    .orderBy(reservations.expiresAt)
    .limit(1);
  return row?.expiresAt ?? null;
}

/**
 * Ends reservations without an event. They are locked. One that is presumed spent has not ended: it waits, however long.
 */
export async function expireReservationRows(
  tx: Db,
  state: "expired" | "presumed",
  keys: readonly ReservationKey[],
): Promise<void> {
  if (keys.length === 0) return;
  const endedAt = state === "expired" ? sql`clock_timestamp()` : null;
  await tx.update(reservations).set({ state, endedAt }).where(isOneOf(keys));
}

function isOneOf(keys: readonly ReservationKey[]) {
  const [first] = keys;
  const ids = [...new Set(keys.map(({ id }) => id))];
  // Nearly always they are of one project, which the key's index takes as it is.
  if (first && keys.every(({ projectId }) => projectId === first.projectId)) {
    return and(eq(reservations.projectId, first.projectId), inArray(reservations.id, ids));
  }
  const rows = keys.map(({ projectId, id }) => ({ project_id: projectId, id }));
  return sql`(${reservations.projectId}, ${reservations.id}) in (
    select project_id, id from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as k(project_id uuid, id text))`;
}
