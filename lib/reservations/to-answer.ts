import type { NewReservation, StoredReservation } from "@/db/queries/reservations";
import { readUsd } from "@/lib/budgets/budget-row";
import { formatUsd } from "@/lib/money";
import type { Decision } from "@/lib/reservations/decide";
import { type ReservationAnswer, reasonSchema } from "@/lib/reservations/reservation-schema";

type Held = Pick<
  NewReservation | StoredReservation,
  "id" | "decision" | "model" | "reservedUsd" | "reasons" | "expiresAtMs"
>;

/** The answer to a wish that was let through; the same for every repetition of it. */
export function toHeldAnswer(held: Held): ReservationAnswer {
  const { decision, model, reservedUsd } = held;
  return {
    decision,
    reservation_id: held.id,
    reserved_usd: reservedUsd === null ? null : formatUsd(readUsd(reservedUsd)),
    expires_at: new Date(held.expiresAtMs).toISOString(),
    ...(decision === "reroute" && model !== null ? { model } : {}),
    reasons: reasonSchema.array().parse(held.reasons),
  };
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
