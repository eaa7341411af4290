import { toInstantUs } from "@/db/clickhouse/llm-call-row";
import type { StoredCall } from "@/db/clickhouse/queries/revise-calls";
import { formatUsd, parseUsd } from "@/lib/money";
import type { PricedCall } from "@/lib/prices/price";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { Usage } from "@/lib/usage/usage";

/** What pricing writes of a call. */
export type DerivedCost = Pick<
  StoredCall,
  "cost_usd" | "list_cost_usd" | "cost_status" | "cost_reason" | "price"
>;

/**
 * Prices a stored call by today's book at the call's own time, with what ingest priced it with: its normalised usage,
 * tier and region as they were stored. A test holds the two against each other.
 */
export function priceStoredCall(
  call: StoredCall,
  options: { prices: Pick<PriceBookHolder, "priceCall">; trustsReportedCost: boolean },
): DerivedCost {
  const priced = options.prices.priceCall({
    projectId: call.project_id,
    type: call.type,
    provider: call.provider || null,
    model: call.model || null,
    timestampMs: Math.floor(toInstantUs(call.ts) / 1000),
    serviceTier: call.service_tier || null,
    inferenceGeo: call.inference_geo || null,
    // Ours, written by ingest from a checked event.
    usage: call.usage === "" ? null : (JSON.parse(call.usage) as Usage),
    usageSource: call.usage_source,
    status: call.status,
    errorType: call.error_type || null,
    reportedCostFemtoUsd: call.reported_cost_usd === null ? null : parseUsd(call.reported_cost_usd),
    trustsReportedCost: options.trustsReportedCost,
  });
  return toDerivedCost(priced);
}

/** Whether two states say the same of the money; by which version of the book is not a difference. */
export function isSameCost(a: DerivedCost, b: DerivedCost): boolean {
  return (
    isSameUsd(a.cost_usd, b.cost_usd) &&
    isSameUsd(a.list_cost_usd, b.list_cost_usd) &&
    a.cost_status === b.cost_status &&
    a.cost_reason === b.cost_reason &&
    linesOf(a.price) === linesOf(b.price)
  );
}

function toDerivedCost(priced: PricedCall): DerivedCost {
  const usd = (femtoUsd: bigint | null) => (femtoUsd === null ? null : formatUsd(femtoUsd));
  return {
    cost_usd: usd(priced.costFemtoUsd),
    list_cost_usd: usd(priced.listCostFemtoUsd),
    cost_status: priced.costStatus,
    cost_reason: priced.costReason ?? "",
    price: priced.price ? JSON.stringify(priced.price) : "",
  };
}

function isSameUsd(a: string | null, b: string | null): boolean {
  return a === null || b === null ? a === b : parseUsd(a) === parseUsd(b);
}

function linesOf(price: string): string {
  if (price === "") return "";
  const { lines } = JSON.parse(price) as { lines: unknown };
  return JSON.stringify(lines);
}
