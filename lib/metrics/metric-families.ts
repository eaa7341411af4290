/** What spend is told by: the label's name of each dimension. Each family adds up all calls, so two are never summed. */
export const FAMILIES = [
  {
    name: "model",
    dimensions: ["provider", "model"],
    labels: ["gen_ai_provider_name", "gen_ai_response_model"],
  },
  { name: "feature", dimensions: ["feature"], labels: ["feature"] },
  { name: "agent", dimensions: ["agent"], labels: ["gen_ai_agent_name"] },
] as const;
export type Family = (typeof FAMILIES)[number];

/** Figures of the ledger that are counted. */
export const COUNTED = [
  "cost_usd",
  "calls",
  "errors",
  "retries",
  "unpriced_calls",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
] as const;
export type Counted = (typeof COUNTED)[number];

/** Groups of a family and project that have a label of their own; the others are `other`. */
export const MAX_LABELS = 50;
export const OTHER = "other";

/** Sums of one group, money in femto-dollars. */
export type GroupSums = Record<Counted, bigint>;

/** One group of a family in a project, as the ledger has it. */
export interface LedgerGroup {
  project: string;
  /** A value for each dimension; null: not sent. */
  values: readonly (string | null)[];
  sums: GroupSums;
}
