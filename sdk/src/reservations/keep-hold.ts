import { type Api, explainAnswer } from "../api.ts";
import { AgentHaltedError } from "../halted-error.ts";
import { later } from "../later.ts";
import { HOLD_SECONDS } from "./reserve.ts";

export interface HoldDeps {
  api: Api;
  /** Whether a call may go on whose hold could not be renewed as nobody answered. */
  mayGoOn(): boolean;
}

const TIMEOUT_MS = 5_000;
const RETRY_MS = 5_000;

/**
 * Renews a hold at half its time for as long as its call goes on.
 * @param onEnd it is held no longer: the call must stop
 * @returns stops renewing
 */
export function keepHold(
  id: string,
  expiresAtMs: number,
  { api, mayGoOn }: HoldDeps,
  onEnd: (error: AgentHaltedError) => void,
): () => void {
  let endsAtMs = expiresAtMs;
  let isOver = false;
  let cancel = later((endsAtMs - Date.now()) / 2, () => void renew());

  function end(why: string): void {
    if (isOver) return;
    isOver = true;
    onEnd(new AgentHaltedError({ code: "hold_ended", reason: why }));
  }

  async function renew(): Promise<void> {
    const askedAt = Date.now();
    try {
      const path = `/v1/reservations/${encodeURIComponent(id)}/renew`;
      const body = JSON.stringify({ ttl_seconds: HOLD_SECONDS });
      const answer = await api.ask({ method: "POST", path, body, timeoutMs: TIMEOUT_MS });
      if (isOver) return;
      if (answer.status === 200) endsAtMs = askedAt + HOLD_SECONDS * 1000;
      // Nothing is held any more, or its budget is locked.
      else if (answer.status === 404 || answer.status === 409) return end(explainAnswer(answer));
    } catch {
      // Nobody answered: tried again until it ends.
    }
    if (isOver) return;
    const leftMs = endsAtMs - Date.now();
    if (leftMs <= 0 && !mayGoOn()) return end("The hold could not be renewed before it ended.");
    const isRenewed = endsAtMs > askedAt + (HOLD_SECONDS * 1000) / 2;
    const nextMs = isRenewed ? leftMs / 2 : Math.min(RETRY_MS, Math.max(leftMs, 1_000));
    cancel = later(nextMs, () => void renew());
  }

  return () => {
    isOver = true;
    cancel();
  };
}
