import { type Api, explainAnswer } from "../api.ts";
import type { Halt, HaltCode } from "../halted-error.ts";

/** A wish as `POST /v1/reservations` takes it; its `id` makes it the same wish when it is sent again. */
export interface Wish {
  id: string;
  type: "llm" | "tool";
  [field: string]: unknown;
}

/** What was decided; `unreachable`: nobody did. */
export type Reserved =
  | { kind: "held"; model: string | null; expiresAtMs: number | null }
  /** Let through, and nothing is held: the server could not reach its budgets. */
  | { kind: "unheld" }
  | { kind: "refused"; halt: Halt }
  | { kind: "unreachable"; error: string };

/** Within which somebody decides: the server itself answers within two seconds. */
const WITHIN_MS = 4_000;
const TRIES = 3;
const PAUSE_MS = 100;
/** How long it is held without being renewed. */
export const HOLD_SECONDS = 300;

interface ReservationAnswer {
  decision: "allow" | "block" | "throttle" | "reroute";
  reservation_id: string | null;
  model?: string;
  retry_after_ms?: number;
  reasons: { code: HaltCode; budget_id?: string; message: string }[];
}

/** Asks for a reservation; tries again under the same id where nobody answered. */
export async function reserve(api: Api, wish: Wish): Promise<Reserved> {
  const startedAt = Date.now();
  const body = JSON.stringify({ ...wish, ttl_seconds: HOLD_SECONDS });
  let error = "";
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const leftMs = WITHIN_MS - (Date.now() - startedAt);
    if (leftMs <= PAUSE_MS) break;
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    try {
      const path = "/v1/reservations";
      const asked = { method: "POST" as const, path, body, timeoutMs: leftMs, isAwaited: true };
      const answer = await api.ask(asked);
      if (answer.status === 200) {
        return toReserved(JSON.parse(answer.text) as ReservationAnswer, startedAt);
      }
      error = explainAnswer(answer);
      // The same again would be answered the same.
      if (answer.status < 500 && answer.status !== 429) break;
    } catch (thrown) {
      error = String(thrown);
    }
  }
  return { kind: "unreachable", error };
}

function toReserved(answer: ReservationAnswer, startedAt: number): Reserved {
  const { decision, reasons } = answer;
  if (decision !== "block") {
    if (answer.reservation_id === null) return { kind: "unheld" };
    const expiresAtMs = startedAt + HOLD_SECONDS * 1000;
    return {
      kind: "held",
      model: decision === "reroute" ? (answer.model ?? null) : null,
      expiresAtMs,
    };
  }
  const [first] = reasons;
  const halt: Halt = {
    code: first?.code ?? "budget_exceeded",
    reason: reasons.map(({ message }) => message).join(" ") || "The call was refused.",
    budgetId: first?.budget_id ?? null,
    retryAfterMs: answer.retry_after_ms ?? null,
  };
  return { kind: "refused", halt };
}

/** Gives a hold back whose call was never made; nobody waits for it. */
export function release(api: Api, id: string): void {
  const path = `/v1/reservations/${encodeURIComponent(id)}`;
  const asked = { method: "DELETE" as const, path, timeoutMs: 5_000, isAwaited: true };
  // A hold that is not given back ends by itself.
  api.ask(asked).catch(() => undefined);
}
