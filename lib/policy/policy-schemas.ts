import { z } from "zod";
import {
  BUDGET_ACTIONS,
  BUDGET_MODES,
  BUDGET_SCOPES,
  BUDGET_WINDOWS,
  STAGE_ACTIONS,
} from "@/lib/budgets/budget";
import { amountsSchema, BUDGET_STATES } from "@/lib/budgets/budget-answer-schemas";
import { SWITCH_SCOPES } from "@/lib/kill-switches/kill-switch-schemas";

/** What GET /v1/policy may be asked about. */
export const POLICY_TAGS = [
  "agent",
  "task",
  "task_type",
  "feature",
  "user",
  "session",
  "trace_id",
  "model",
] as const;
export type PolicyTag = (typeof POLICY_TAGS)[number];

const tag = z.string().max(256).optional();

/** Query of GET /v1/policy. */
export const policyQuerySchema = z
  .strictObject(Object.fromEntries(POLICY_TAGS.map((name) => [name, tag])))
  .meta({ description: "An empty tag says that the calls go without it; one left out, nothing." });

const count = z.number().int();
const limitsSchema = z.object({
  usd: z.string().nullable(),
  tokens: count.nullable(),
  calls: count.nullable(),
  tool_calls: count.nullable(),
  seconds: z.number().nullable(),
});

const policyBudgetSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  scope: z.enum(BUDGET_SCOPES),
  value: z.string().nullable().meta({
    description:
      "Whose share of it the figures are: the asked tag. null: without the tag, or no values.",
  }),
  window: z.enum(BUDGET_WINDOWS),
  mode: z.enum(BUDGET_MODES),
  state: z.enum(BUDGET_STATES).nullable().meta({ description: "null while degraded: not known." }),
  action: z.enum(BUDGET_ACTIONS),
  reroute_to: z.string().nullable(),
  throttle_per_minute: z.int().nullable(),
  thresholds: z.array(z.object({ percent: z.number(), action: z.enum(STAGE_ACTIONS) })).meta({
    description:
      "Those that act; a lockout refuses as block does. A budget without an action of a threshold has its own at 100 %.",
  }),
  acts: z.boolean().meta({
    description:
      "false: an admin opened the only threshold that acts, so nothing acts until its period or its limit is another one.",
  }),
  resets_at: z.iso.datetime().nullable(),
  limits: limitsSchema,
  spent: amountsSchema.nullable().meta({ description: "null while degraded: not known." }),
  reserved: amountsSchema.nullable(),
});
export type PolicyBudgetAnswer = z.output<typeof policyBudgetSchema>;

/** Answer of GET /v1/policy. */
export const policyAnswerSchema = z.object({
  version: count.meta({
    description:
      "Moves with what decides and with a state or lock of a budget, not with what is spent.",
  }),
  ttl_seconds: count,
  degraded: z.boolean().meta({
    description: "PostgreSQL is away: the last known policy, and no figures.",
  }),
  fail_mode: z.enum(["open", "closed"]).meta({
    description: "What to do while Outlay is out of reach.",
  }),
  required_tags: z.array(z.string()).meta({
    description: "Calls without one of these are refused.",
  }),
  kill_switches: z.array(
    z.object({
      scope: z.enum(SWITCH_SCOPES),
      value: z.string().nullable(),
      reason: z.string(),
      engaged_by: z.string().nullable(),
      engaged_at: z.iso.datetime().nullable(),
      until: z.iso.datetime().nullable(),
    }),
  ),
  budgets: z.array(policyBudgetSchema),
  not_asked: z.array(z.enum(POLICY_TAGS)).meta({
    description:
      "Tags that budgets depend on and that were not asked about: these budgets are left out. Switches of such a tag are all there, to be matched by the agent.",
  }),
});
export type PolicyAnswer = z.output<typeof policyAnswerSchema>;
