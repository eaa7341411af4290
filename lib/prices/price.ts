import type { FemtoUsd } from "@/lib/money";
import type { Usage } from "@/lib/usage/usage";

export const COST_STATUSES = [
  "priced",
  "partial",
  "unpriced",
  "invalid_usage",
  "provided",
  "estimated",
] as const;
export type CostStatus = (typeof COST_STATUSES)[number];

/** One line of a call's price, so that a person can redo the sum: `units / unit_count x usd_per_unit = usd`. */
export interface PriceLine {
  /** What was used: input, cache_read, cache_write_5m, cache_write_1h, input_audio, output, output_audio, web_searches, gpu_seconds, or a name of `units`. */
  class: string;
  /** How much of it, as a plain decimal string. */
  units: string;
  /** US dollars for `unit_count` units, as a plain decimal string. */
  usd_per_unit: string;
  /** How many units `usd_per_unit` buys: 1000000 tokens, 1000 searches, 3600 GPU seconds. */
  unit_count: number;
  /** The line's dollars, as a plain decimal string, exact to 1e-15. */
  usd: string;
}

/** How a call was priced; kept with the call for ever. */
export interface CallPrice {
  /** Version of the price book that was used (catalogue package, overlay, overrides). */
  version: string;
  /** Which layer answered: `override:<id>`, `overlay`, `genai-prices`. */
  source: string;
  /** The catalogue's own name of the model that matched, shown beside the requested one. */
  matched: string;
  lines: PriceLine[];
}

/** Everything a price depends on. */
export interface PriceableCall {
  projectId: string;
  type: "llm" | "tool" | "agent" | "step" | "guard";
  provider: string | null;
  model: string | null;
  /** Start of the call: prices are chosen by it, never by the time of arrival. */
  timestampMs: number;
  serviceTier: string | null;
  inferenceGeo: string | null;
  usage: Usage | null;
  usageSource: "reported" | "estimated";
  status: "ok" | "error";
  errorType: string | null;
  reportedCostFemtoUsd: FemtoUsd | null;
  /** The project takes a call's `reported_cost_usd` as its cost. */
  trustsReportedCost: boolean;
}

/** A priced call. `costFemtoUsd` is null where the cost is unknown: null is never 0. */
export interface PricedCall {
  costFemtoUsd: FemtoUsd | null;
  /** The cost at the published list price, where an operator's override was used; else the cost. */
  listCostFemtoUsd: FemtoUsd | null;
  costStatus: CostStatus;
  /** Why, in one code: `not_billed`, `no_usage`, `unknown_model`, `self_hosted_without_price`, `no_price_for:<class>`, `part_over_whole:<field>`, ... ; null for a plain `priced`. */
  costReason: string | null;
  price: CallPrice | null;
}
