import { matchBudget } from "@/lib/budgets/match-budget";
import type { Policy } from "@/lib/budgets/policy-holder";
import { type Asked, findStops, tagsOf } from "@/lib/reservations/decide";
import type { ReservationAnswer } from "@/lib/reservations/reservation-schema";

/**
 * The answer while budgets are out of reach: what the last known policy stops stays stopped; else the project's fail mode
 * says, and without one it is closed where a strict budget could bind the call. Nothing is held, and it says so.
 * @param policy the last one that was read; null: none since the start, so nothing says that a strict budget does not bind.
 */
export function answerDegraded(asked: Asked, policy: Policy | null): ReservationAnswer {
  const stops = policy ? findStops(asked, asked.wish.tags.model, policy) : [];
  const mode = failModeOf(asked, policy);
  const why =
    mode === "closed"
      ? "Budgets are out of reach just now, so no call is let through that a strict budget could bind or that the project wants stopped then."
      : "Budgets are out of reach just now: this call is let through, and nothing is held for it.";
  return {
    decision: stops.length > 0 || mode === "closed" ? "block" : "allow",
    reservation_id: null,
    reserved_usd: null,
    expires_at: null,
    reasons: [
      ...stops.map(({ code, message }) => ({ code, message })),
      { code: "degraded", message: why },
    ],
  };
}

function failModeOf(asked: Asked, policy: Policy | null): "open" | "closed" {
  if (!policy) return "closed";
  const said = policy.projects.get(asked.projectId)?.failMode;
  if (said) return said;
  const tags = tagsOf(asked);
  // Also one that is not counted yet: whoever made it wanted a cap that holds.
  const isBound = policy.budgets.some(
    (budget) => budget.mode === "strict" && matchBudget(budget, tags) !== null,
  );
  return isBound ? "closed" : "open";
}
