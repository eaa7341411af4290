import type { Db } from "@/db/postgres";
import { extendReservation, findReservation, type ReservationKey } from "@/db/queries/reservations";
import { OutlayError } from "@/lib/errors";

/**
 * Holds a reservation for `ttlSeconds` from now, if that is longer. One statement on its row, so that it either still
 * holds or has ended.
 * @throws OutlayError `not_found`; `conflict` for one that holds nothing any more
 */
export async function renewReservation(
  key: ReservationKey,
  ttlSeconds: number,
  { db, now = Date.now }: { db: Db; now?: () => number },
): Promise<{ reservation_id: string; expires_at: string }> {
  const expiresAt = await extendReservation(db, key, new Date(now() + ttlSeconds * 1000));
  if (expiresAt) return { reservation_id: key.id, expires_at: expiresAt.toISOString() };
  const row = await findReservation(db, key);
  if (!row) throw new OutlayError("not_found", "There is no such reservation.");
  throw new OutlayError("conflict", `This reservation holds nothing any more: it is ${row.state}.`);
}
