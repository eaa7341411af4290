import type { NewReservation, StoredReservation } from "@/db/queries/reservations";
import { readUsd } from "@/lib/budgets/budget-row";
import { formatUsd } from "@/lib/money";
import type { Decision } from "@/lib/reservations/decide";
import {
  type Reason,
  type ReservationAnswer,
  reasonSchema,
} from "@/lib/reservations/reservation-schema";

/** What an answer says of a reservation; dollars as the shortest decimal. */
interface Held extends Pick<NewReservation, "id" | "decision" | "model" | "expiresAtMs"> {
  reservedUsd: string | null;
  reasons: readonly Reason[];
}

/** The answer to a wish that was let through. */
export function toHeldAnswer({ decision, model, ...held }: Held): ReservationAnswer {
  return {
    decision,
    reservation_id: held.id,
    reserved_usd: held.reservedUsd,
    expires_at: new Date(held.expiresAtMs).toISOString(),
    ...(decision === "reroute" && model !== null ? { model } : {}),
    reasons: [...held.reasons],
  };
}

/** The same for every repetition of it. @throws ZodError for reasons that no version of this code wrote */
export function toStoredAnswer(row: StoredReservation): ReservationAnswer {
  const { reservedUsd } = row;
  return toHeldAnswer({
    ...row,
    reservedUsd: reservedUsd === null ? null : formatUsd(readUsd(reservedUsd)),
    reasons: reasonSchema.array().parse(row.reasons),
  });
}

/** The answer to a wish that was refused. */
export function toBlockAnswer(
  block: Pick<Extract<Decision, { decision: "block" }>, "reasons" | "retryAfterMs">,
): ReservationAnswer {
  return {
    decision: "block",
    reservation_id: null,
    reserved_usd: null,
    expires_at: null,
    ...(block.retryAfterMs === null ? {} : { retry_after_ms: block.retryAfterMs }),
    reasons: block.reasons,
  };
}
