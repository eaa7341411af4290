import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import { rowsOf } from "@/db/rows-of";
import { reservations } from "@/db/schema/budgets";

/** Which reservation. */
export interface ReservationKey {
  projectId: string;
  id: string;
}

/** A reservation to be stored; money as decimal strings of US dollars, instants in ms since 1970. */
export interface NewReservation extends ReservationKey {
  decision: "allow" | "throttle" | "reroute";
  type: "llm" | "tool";
  agent: string | null;
  task: string | null;
  taskType: string | null;
  feature: string | null;
  user: string | null;
  session: string | null;
  traceId: string | null;
  provider: string | null;
  model: string | null;
  reservedUsd: string | null;
  holds: readonly object[];
  reasons: readonly object[];
  apiKeyId: string | null;
  bodyHash: string | null;
  createdAtMs: number;
  expiresAtMs: number;
}

const storedRow = z.object({
  projectId: z.string(),
  id: z.string(),
  state: z.string(),
  decision: z.enum(["allow", "throttle", "reroute"]),
  model: z.string().nullable(),
  reservedUsd: z.string().nullable(),
  reasons: z.unknown(),
  bodyHash: z.string().nullable(),
  expiresAtMs: z.coerce.number(),
});
/** What a repeated wish is answered from. */
export type StoredReservation = z.output<typeof storedRow>;

/** Finds those that are there. */
export async function findReservations(
  tx: Db,
  keys: readonly ReservationKey[],
): Promise<StoredReservation[]> {
  if (keys.length === 0) return [];
  const wanted = keys.map(({ projectId, id }) => ({ project_id: projectId, id }));
  const found = await tx.execute(sql`
    select r.project_id as "projectId", r.id, r.state, r.decision, r.model,
      r.reserved_usd::text as "reservedUsd", r.reasons, r.body_hash as "bodyHash",
      (extract(epoch from r.expires_at) * 1000)::bigint::text as "expiresAtMs"
    from ${reservations} r
    join jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as k(project_id uuid, id text)
      using (project_id, id)`);
  return storedRow.array().parse(rowsOf(found));
}

const which = ({ projectId, id }: ReservationKey) =>
  and(eq(reservations.projectId, projectId), eq(reservations.id, id));

/** Reads one as it is. */
export async function findReservation(db: Db, key: ReservationKey) {
  const [row] = await db.select().from(reservations).where(which(key));
  return row;
}

/** Locks one until the transaction ends; its counters are locked before it. */
export async function lockReservation(tx: Db, key: ReservationKey) {
  const [row] = await tx.select().from(reservations).where(which(key)).for("update");
  return row;
}

/** Gives one up. */
export async function markReleased(tx: Db, key: ReservationKey, at: Date): Promise<void> {
  await tx.update(reservations).set({ state: "released", endedAt: at }).where(which(key));
}

/** Moves the end of one that is held, never to an earlier instant. @returns its end; null: it is not held. */
export async function extendReservation(
  db: Db,
  key: ReservationKey,
  expiresAt: Date,
): Promise<Date | null> {
  const [row] = await db
    .update(reservations)
    .set({
      expiresAt: sql`greatest(${reservations.expiresAt}, ${expiresAt.toISOString()}::timestamptz)`,
    })
    .where(and(which(key), eq(reservations.state, "held")))
    .returning({ expiresAt: reservations.expiresAt });
  return row?.expiresAt ?? null;
}
