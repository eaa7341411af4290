import { z } from "zod";
import { AUDIENCES } from "@/lib/alerts/alert";
import {
  BUDGET_ACTIONS,
  BUDGET_MODES,
  BUDGET_SCOPES,
  BUDGET_WINDOWS,
  STAGE_ACTIONS,
} from "@/lib/budgets/budget";
import { checkBudget } from "@/lib/budgets/check-budget";
import { parseDecimal, parseUsd } from "@/lib/money";
import { timeZoneSchema } from "@/lib/settings/settings-schemas";

/** Digits after the point of a rate per million tokens, as of a price. */
export const RATE_FRACTION_DIGITS = 9;
/** What PostgreSQL's numeric(24,9) holds. */
const MAX_RATE = 10n ** 24n;

const name = (maximum: number) => z.string().trim().min(1).max(maximum);
const usd = z.string().refine((text) => (parseUsd(text) ?? 0n) > 0n, {
  error: 'must be US dollars above 0 as text, with at most 15 decimals: "2.50"',
});
const rate = z.string().refine(
  (text) => {
    const value = parseDecimal(text, RATE_FRACTION_DIGITS) ?? 0n;
    return value > 0n && value < MAX_RATE;
  },
  { error: 'must be US dollars above 0 as text, with at most 9 decimals: "2.50"' },
);
const whole = z.int().min(1);

const limits = {
  limit_usd: usd.nullable(),
  limit_tokens: whole.nullable(),
  limit_calls: whole.nullable(),
  limit_tool_calls: whole.nullable(),
  limit_seconds: whole.nullable(),
};

const threshold = z.strictObject({
  percent: z
    .number()
    .positive()
    .max(10_000)
    .refine((percent) => Number.isInteger(Math.round(percent * 1e8) / 1e6), {
      error: "has at most two decimals",
    }),
  /** Ids of channels; none: all of the stage's audience. */
  notify: z.array(name(200)).max(50).default([]),
  audience: z
    .array(z.enum(AUDIENCES))
    .min(1)
    .max(AUDIENCES.length)
    .refine((given) => new Set(given).size === given.length, { error: "names one twice" })
    .optional()
    .meta({
      description:
        "Whose channels are told. Default: below 100 % the lead, from there on finance and engineering, from 120 % on all three.",
    }),
  action: z.enum(STAGE_ACTIONS).optional().meta({
    description:
      "`lockout`: refuses as block does, and once it is reached closes the budget's value until its period ends, its limit changes, or an admin unlocks it.",
  }),
});
const thresholds = z.array(threshold).max(20);

const unpriced = z
  .union([z.enum(["warn", "block"]), z.strictObject({ usd_per_mtok: rate })], {
    error: "must be warn, block, or {usd_per_mtok}",
  })
  .meta({
    description:
      "What a call without a price does to it: nothing but be told, be refused, or cost so much a million tokens.",
  });
const throttlePerMinute = z.int().min(1).max(1_000_000).nullable();
const rerouteTo = name(256).nullable();
const value = z.string().min(1).max(256).nullable();

/** Body of POST /api/budgets. */
export const createBudgetSchema = z
  .strictObject({
    project: z.string().nullable().optional().meta({
      description:
        "Slug of its project; null: the whole installation. Default: the one project that the request is about, else the installation.",
    }),
    name: name(200),
    owner: z.string().trim().max(200).default(""),
    scope: z.enum(BUDGET_SCOPES),
    value: value.optional().meta({
      description:
        "A name; `*`: each one by itself; null: calls without the tag. None for `global` and `request`; of `project` a slug or `*`.",
    }),
    window: z.enum(BUDGET_WINDOWS),
    tz: timeZoneSchema.optional().meta({ description: "Default: the organisation's zone." }),
    week_start: z.int().min(1).max(7).optional().meta({ description: "1 Monday to 7 Sunday." }),
    month_day: z.int().min(1).max(31).optional().meta({
      description: "Day on which its months begin; in a shorter month the last day.",
    }),
    limit_usd: limits.limit_usd.default(null),
    limit_tokens: limits.limit_tokens.default(null),
    limit_calls: limits.limit_calls.default(null),
    limit_tool_calls: limits.limit_tool_calls.default(null),
    limit_seconds: limits.limit_seconds.default(null),
    mode: z.enum(BUDGET_MODES).default("enforce"),
    action: z.enum(BUDGET_ACTIONS).default("block"),
    throttle_per_minute: throttlePerMinute.default(null),
    reroute_to: rerouteTo.default(null),
    /** Default: block where it is strict, else warn. */
    unpriced: unpriced.optional(),
    thresholds: thresholds.default([]),
  })
  .superRefine((budget, context) => {
    for (const { path, message } of checkBudget(budget)) {
      context.addIssue({ code: "custom", path: path.split("."), message });
    }
  });
export type CreateBudgetInput = z.output<typeof createBudgetSchema>;

/** Its counters are of this place and these periods: with another one it would be another budget. */
const fixed = z
  .unknown()
  .refine(() => false, { error: "stays as it is: make a new budget and remove this one" })
  .optional()
  .meta({ description: "Cannot be changed." });

/** Body of PATCH /api/budgets/{id}. What was spent stays; null takes a limit away. */
export const updateBudgetSchema = z.strictObject({
  name: name(200).optional(),
  owner: z.string().trim().max(200).optional(),
  limit_usd: limits.limit_usd.optional(),
  limit_tokens: limits.limit_tokens.optional(),
  limit_calls: limits.limit_calls.optional(),
  limit_tool_calls: limits.limit_tool_calls.optional(),
  limit_seconds: limits.limit_seconds.optional(),
  mode: z.enum(BUDGET_MODES).optional(),
  action: z.enum(BUDGET_ACTIONS).optional(),
  throttle_per_minute: throttlePerMinute.optional(),
  reroute_to: rerouteTo.optional(),
  unpriced: unpriced.optional(),
  thresholds: thresholds.optional(),
  project: fixed,
  scope: fixed,
  value: fixed,
  window: fixed,
  tz: fixed,
  week_start: fixed,
  month_day: fixed,
});
export type UpdateBudgetInput = z.output<typeof updateBudgetSchema>;

export const budgetParamsSchema = z.object({ id: z.uuid() });

/** Body of POST /api/budgets/{id}/unlock. */
export const unlockBudgetSchema = z.strictObject({
  reason: z.string().trim().min(1).max(1_000).meta({ description: "Kept in the audit." }),
  value: z.string().max(256).optional().meta({
    description:
      "Which value, as it is answered: `(untagged)` for calls without the tag, a project by its slug. Needed where several are locked.",
  }),
  period: z.string().max(256).optional().meta({
    description: "Which session or trace, where these are the window.",
  }),
});
export type UnlockBudgetInput = z.output<typeof unlockBudgetSchema>;

/** Query of GET /api/budgets. */
export const listBudgetsQuerySchema = z.strictObject({
  archived: z.enum(["true", "false"]).default("false").meta({
    description: "With those that were removed.",
  }),
});
