import { z } from "zod";
import { USAGE_COLUMNS } from "@/db/clickhouse/queries/list-unpriced-details";
import { rangeParameters } from "@/lib/calls/range-parameters";
import { COST_STATUSES } from "@/lib/prices/price";

const count = z.int().nonnegative();

/** Query of GET /api/prices/unpriced. */
export const unpricedQuerySchema = z.strictObject({
  ...rangeParameters,
  limit: z.coerce.number().int().min(1).max(1000).default(100).meta({
    description: "How many models are given, most calls first; the sums are of all.",
  }),
});
export type UnpricedQuery = z.output<typeof unpricedQuerySchema>;

/** A model of a project that has calls without a price, or with one for a part only. */
export const unpricedModelSchema = z.object({
  project: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  requested_models: z
    .array(z.string())
    .meta({ description: "Other names it was asked for by; at most five." }),
  matched: z.string().nullable().meta({
    description:
      "What today's price book takes the name for; null: nothing. Not null with `unknown_model` among the reasons: a price came since, and a reprice gives it to them.",
  }),
  calls: count.meta({
    description: "Events without a whole price, of any type: unpriced_calls + partial_calls.",
  }),
  unpriced_calls: count.meta({ description: "As GET /api/spend says it: the cost is unknown." }),
  partial_calls: count.meta({ description: "The cost is known in part." }),
  reasons: z
    .array(z.object({ cost_status: z.enum(COST_STATUSES), cost_reason: z.string(), calls: count }))
    .meta({ description: "Most calls first, at most eight." }),
  expired_calls: count.meta({ description: "Calls whose detail expired: nothing more is known." }),
  usage: z.object(
    Object.fromEntries(USAGE_COLUMNS.map((name) => [name, count])) as Record<
      (typeof USAGE_COLUMNS)[number],
      typeof count
    >,
  ),
  gpu_seconds: z.string(),
  first_seen_at: z.string().nullable(),
  last_seen_at: z.string().nullable(),
});
export type UnpricedModel = z.input<typeof unpricedModelSchema>;

/** Answer of GET /api/prices/unpriced. */
export const unpricedAnswerSchema = z.object({
  from: z.string(),
  to: z.string(),
  unpriced_calls: count,
  partial_calls: count,
  models_count: count,
  models: z.array(unpricedModelSchema),
});
export type UnpricedAnswer = z.input<typeof unpricedAnswerSchema>;
