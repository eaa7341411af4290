import { authorize } from "@/ingest/authorize";
import { type Exchange, sendText } from "@/ingest/exchange";
import { type GuardDeps, readJson, unprocessable } from "@/ingest/guard/guard-request";
import { checkReservation } from "@/lib/reservations/check-reservation";

/** `POST /v1/reservations`: a decision is data, so it is always 200; 422 for a wish that cannot be read. */
export async function postReservation(exchange: Exchange, deps: GuardDeps): Promise<void> {
  const sender = await authorize(exchange, "guard", deps);
  const checked = checkReservation(await readJson(exchange, deps.budget));
  if (!checked.ok) throw unprocessable(checked.errors);
  sendText(exchange, 200, JSON.stringify(await deps.desk.reserve(sender, checked.wish)));
}
