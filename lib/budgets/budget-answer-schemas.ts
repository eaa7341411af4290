import { z } from "zod";
import { AUDIENCES } from "@/lib/alerts/alert";
import {
  BUDGET_ACTIONS,
  BUDGET_MODES,
  BUDGET_SCOPES,
  BUDGET_WINDOWS,
  STAGE_ACTIONS,
} from "@/lib/budgets/budget";

/** `locked`: escalation closed it until somebody unlocks it. `counting`: it decides nothing yet. */
export const BUDGET_STATES = ["counting", "ok", "warning", "exceeded", "locked"] as const;
export type BudgetState = (typeof BUDGET_STATES)[number];

export const BUDGET_MEASURES = ["usd", "tokens", "calls", "tool_calls", "seconds"] as const;
export type BudgetMeasure = (typeof BUDGET_MEASURES)[number];

const count = z.number().int();

/** Amounts of every measure; dollars as decimal text, seconds to the millisecond. */
export const amountsSchema = z.object({
  usd: z.string(),
  tokens: count,
  calls: count,
  tool_calls: count,
  seconds: z.number(),
});
export type AmountsAnswer = z.output<typeof amountsSchema>;

const limitFields = {
  limit_usd: z.string().nullable(),
  limit_tokens: count.nullable(),
  limit_calls: count.nullable(),
  limit_tool_calls: count.nullable(),
  limit_seconds: count.nullable(),
};

/** How full one counter is. */
const fullnessFields = {
  spent: amountsSchema.nullable().meta({
    description: "null while it is counted: not known is not 0.",
  }),
  reserved: amountsSchema.nullable().meta({
    description: "Held for calls under way; seconds are never held. null while it is counted.",
  }),
  state: z.enum(BUDGET_STATES).meta({
    description:
      "`locked`: a stage closed it until its period ends, its limit changes or an admin unlocks it. `exceeded`: a limit is spent. `warning`: the lowest threshold below 100 % is reached, or 80 % where there is none. `counting`: just made; what was spent is being counted from the calls, and it decides nothing yet.",
  }),
  locked: z
    .object({
      at: z.iso.datetime(),
      percent: z.number().meta({ description: "The stage that closed it." }),
      until: z.iso.datetime().nullable().meta({
        description: "When its period ends; null: it does not end by itself.",
      }),
    })
    .nullable()
    .meta({ description: "A stage closed it: every reservation is refused." }),
  used_percent: z.int().nullable().meta({
    description: "Spent of the limit that is nearest, rounded down; null while it is counted.",
  }),
  measure: z.enum(BUDGET_MEASURES).nullable().meta({
    description: "The limit that is nearest; null: no limit.",
  }),
  unknown_costs: count.meta({
    description: "Events without a price: more was spent than it says.",
  }),
  unreserved_usd: z.string().meta({ description: "Of what was spent: what no hold covered." }),
  unreserved_events: count,
};

const thresholdAnswerSchema = z.object({
  percent: z.number(),
  notify: z.array(z.string()),
  audience: z.array(z.enum(AUDIENCES)).optional(),
  action: z.enum(STAGE_ACTIONS).optional(),
});

/** A budget as it is answered. Of a `*` budget its figures are those of the value that is nearest its limit. */
export const budgetSchema = z.object({
  id: z.uuid(),
  project: z.string().nullable().meta({ description: "null: the whole installation." }),
  name: z.string(),
  owner: z.string(),
  scope: z.enum(BUDGET_SCOPES),
  value: z.string().nullable().meta({ description: "A project's is its slug." }),
  window: z.enum(BUDGET_WINDOWS),
  tz: z.string(),
  week_start: z.int(),
  month_day: z.int(),
  ...limitFields,
  mode: z.enum(BUDGET_MODES),
  action: z.enum(BUDGET_ACTIONS),
  throttle_per_minute: z.int().nullable(),
  reroute_to: z.string().nullable(),
  unpriced: z.union([z.enum(["warn", "block"]), z.object({ usd_per_mtok: z.string() })]),
  thresholds: z.array(thresholdAnswerSchema),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  archived_at: z.iso
    .datetime()
    .nullable()
    .meta({ description: "Set: it decides nothing any more." }),
  ...fullnessFields,
  next_threshold: z.number().nullable().meta({ description: "Percent; null: none is left." }),
  period: z
    .object({ from: z.iso.datetime(), to: z.iso.datetime() })
    .nullable()
    .meta({ description: "The current one; null: its window is no calendar's." }),
  resets_at: z.iso.datetime().nullable(),
  counted_from: z.iso.datetime().nullable().meta({
    description:
      "Calls before it had expired when this budget was made, and are in no figure of the period, session or trace: more was spent than it says. null: all calls are counted.",
  }),
  forecast_usd: z.string().nullable().meta({
    description:
      "What the period comes to if it goes on as so far; at least that with `unknown_costs`. null: no calendar, or under a twentieth of it has passed.",
  }),
  nearest_value: z.string().nullable().meta({
    description:
      "Whose figures these are: `(untagged)` for calls without the tag; null where the scope has no values, nothing was spent, or the name is another project's.",
  }),
  nearest_period: z
    .string()
    .nullable()
    .meta({ description: "The session or trace of that figure." }),
  values_count: count.meta({
    description:
      "Values of this period; sessions and traces that moved in the last 24 hours, where these are the window.",
  }),
});
export type BudgetAnswer = z.output<typeof budgetSchema>;
export const budgetListSchema = z.object({ budgets: z.array(budgetSchema) });

/** One value of a budget. */
const budgetValueSchema = z.object({
  value: z.string().nullable().meta({ description: "As `nearest_value`." }),
  period: z
    .string()
    .nullable()
    .meta({ description: "Its session or trace, where these are the window." }),
  ...fullnessFields,
  changed_at: z.iso.datetime(),
});
export type BudgetValueAnswer = z.output<typeof budgetValueSchema>;

/** A period that is over: the value that came nearest. */
const budgetPeriodSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  value: z.string().nullable(),
  spent: amountsSchema,
  unknown_costs: count,
  ...limitFields,
  used_percent: z.int(),
  values_count: count,
  counted_from: z.iso.datetime().nullable().meta({ description: "As that of the budget." }),
});
export type BudgetPeriodAnswer = z.output<typeof budgetPeriodSchema>;

/** What a budget or a switch refused in an hour. */
export const refusalSchema = z.object({
  hour: z.iso.datetime(),
  project: z.string(),
  code: z.string(),
  value: z.string().nullable(),
  agent: z.string().nullable(),
  feature: z.string().nullable(),
  model: z.string().nullable(),
  calls: count,
  estimated_usd: z.string().nullable().meta({ description: "Worst case; null: not known." }),
  last_at: z.iso.datetime(),
  message: z.string().meta({ description: "What the last one was told." }),
});
export type RefusalAnswer = z.output<typeof refusalSchema>;

/** Answer of GET /api/budgets/{id}. */
const budgetChangeSchema = z.object({
  at: z.iso.datetime(),
  by: z.string().meta({ description: "As they were called then." }),
  kind: z.enum(["created", "updated", "unlocked", "archived"]),
  reason: z.string().nullable().meta({ description: "Of an unlock." }),
  value: z.string().nullable().meta({
    description: "What was unlocked; null where it has one value, or names that can be erased.",
  }),
  period: z.string().nullable(),
  changed: z.array(z.string()).meta({ description: "Of an update: the fields that changed." }),
  opens_period: z.boolean().meta({
    description: "Its limit changed: stages that were crossed tell and act anew.",
  }),
});
export type BudgetChangeAnswer = z.output<typeof budgetChangeSchema>;

export const wholeBudgetSchema = budgetSchema.extend({
  values: z.array(budgetValueSchema).meta({ description: "The hundred nearest their limit." }),
  history: z.array(budgetPeriodSchema).meta({
    description: "Periods before, latest first, with the limits as they stood at each one's end.",
  }),
  changes: z.array(budgetChangeSchema).meta({
    description: "What people did to it, latest first: the last 500.",
  }),
  refusals: z.array(refusalSchema).meta({ description: "Of the last 30 days, latest first." }),
  unreserved: z.object({ usd: z.string(), events: count }).meta({
    description: "What no hold covered in this period, all values together.",
  }),
});
export type WholeBudgetAnswer = z.output<typeof wholeBudgetSchema>;

const draft = z
  .record(z.string(), z.unknown())
  .meta({ description: "A body for POST /api/budgets." });

const distributionSchema = z.object({
  agent: z.string().nullable(),
  task_type: z.string().nullable(),
  project: z.string(),
  tasks: count,
  unknown_costs: count.meta({ description: "Tasks left out: a part of their cost is unknown." }),
  p10_usd: z.string(),
  p50_usd: z.string(),
  p90_usd: z.string(),
  p95_usd: z.string(),
  max_usd: z.string(),
  histogram: z.array(z.object({ from_usd: z.string(), to_usd: z.string(), tasks: count })),
  is_enough: z
    .boolean()
    .meta({ description: "false: too few tasks for a limit; no `suggestion`." }),
  limit_usd: z.string().nullable().meta({ description: "3 times the median." }),
  over_limit_tasks: count.nullable().meta({ description: "Tasks that were dearer than that." }),
  budget: draft.nullable(),
});
export type SuggestionAnswer = z.output<typeof distributionSchema>;

/** Answer of GET /api/budgets/suggestions. */
export const suggestionsSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  minimum_tasks: count,
  suggestions: z.array(distributionSchema),
  escalation: z.array(thresholdAnswerSchema).meta({
    description:
      "Stages that are offered for a budget by calendar. The drafts here have none: each of a thousand sessions would tell.",
  }),
  session_defaults: z.object({
    limit_tokens: count,
    limit_tool_calls: count,
    limit_usd: z.string(),
    limit_seconds: count,
    budget: draft,
  }),
});
export type SuggestionsAnswer = z.output<typeof suggestionsSchema>;
