import { toInstantUs } from "@/db/clickhouse/llm-call-row";
import type { CallRevision, StoredCall } from "@/db/clickhouse/queries/revise-calls";
import { isSameCost, priceStoredCall } from "@/lib/corrections/price-stored-call";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";

/** What stands where a name was erased. */
export const ERASED = "(erased)";

/**
 * What a correction does to a call that it reaches. `sealedBeforeMs` (ms since 1970): the sums of earlier days stay as
 * they were sealed, so what changes money leaves their calls alone.
 */
export type Decision =
  | {
      kind: "reprice";
      prices: Pick<PriceBookHolder, "priceCall">;
      /** Whether the project takes a call's `reported_cost_usd` as its cost, today. */
      trustsReportedCost: boolean;
      sealedBeforeMs: number;
    }
  | { kind: "void" | "restore"; sealedBeforeMs: number }
  | { kind: "erase"; name: string };

/** The call as it is to be; null: it is that already, and is left alone. */
export function decideRevision(call: StoredCall, decision: Decision): CallRevision | null {
  const { cost_usd, list_cost_usd, cost_status, cost_reason, price, counted } = call;
  const derived = { cost_usd, list_cost_usd, cost_status, cost_reason, price, counted };
  if (decision.kind === "erase") {
    return { call, derived, names: eraseNames(call, decision.name) };
  }
  if (toInstantUs(call.ts) < decision.sealedBeforeMs * 1000) return null;
  if (decision.kind === "reprice") {
    // A voided call gets its price too: should it be restored, it counts what it costs today.
    const repriced = priceStoredCall(call, decision);
    return isSameCost(call, repriced) ? null : { call, derived: { ...derived, ...repriced } };
  }
  const isCounted = decision.kind === "restore";
  return counted === isCounted ? null : { call, derived: { ...derived, counted: isCounted } };
}

/** A person's user and session both lead to them. What was not sent stays so: it names nobody. */
function eraseNames({ user, session, metadata, sent_tags }: StoredCall, name: string) {
  const { user: _user, session: _session, ...sentTags } = sent_tags;
  return {
    sent_tags: sentTags,
    user: user === "" ? "" : ERASED,
    session: session === "" ? "" : ERASED,
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([key, value]) => [key, value === name ? ERASED : value]),
    ),
  };
}
