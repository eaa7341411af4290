import { authorize } from "@/ingest/authorize";
import { type Exchange, sendText } from "@/ingest/exchange";
import { askStore, type GuardDeps } from "@/ingest/guard/guard-request";
import { releaseReservation as release } from "@/lib/reservations/release-reservation";

/** `DELETE /v1/reservations/{id}`: gives its holds back; 404 for an unknown one. */
export async function releaseReservation(
  exchange: Exchange,
  id: string,
  deps: GuardDeps,
): Promise<void> {
  const { projectId } = await authorize(exchange, "guard", deps);
  sendText(exchange, 200, JSON.stringify(await askStore(release({ projectId, id }, deps))));
}
