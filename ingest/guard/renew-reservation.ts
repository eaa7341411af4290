import { authorize } from "@/ingest/authorize";
import { type Exchange, sendText } from "@/ingest/exchange";
import { askStore, type GuardDeps, readJson, unprocessable } from "@/ingest/guard/guard-request";
import { checkRenewal } from "@/lib/reservations/check-reservation";
import { renewReservation as renew } from "@/lib/reservations/renew-reservation";

/** `POST /v1/reservations/{id}/renew`: 404 for an unknown one, 409 for one that holds nothing any more. */
export async function renewReservation(
  exchange: Exchange,
  id: string,
  deps: GuardDeps,
): Promise<void> {
  const { projectId } = await authorize(exchange, "guard", deps);
  const checked = checkRenewal((await readJson(exchange, deps.budget)) ?? {});
  if (!checked.ok) throw unprocessable(checked.errors);
  const answer = await askStore(renew({ projectId, id }, checked.ttlSeconds, deps));
  sendText(exchange, 200, JSON.stringify(answer));
}
