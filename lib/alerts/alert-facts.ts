import { z } from "zod";

/** US dollars as a decimal string; an amount of a budget's other measures is a whole number. */
const amount = z.string().regex(/^-?\d+(\.\d+)?$/);
const time = z.iso.datetime();
const count = z.int().min(0);
/** Of a calendar window; null: it ends with its session or trace. */
const period = z.strictObject({ from: time, to: time }).nullable();
const action = z.enum(["block", "throttle", "reroute", "lockout"]).nullable();

/** A stage of a budget was crossed. */
const threshold = z.strictObject({
  kind: z.literal("threshold"),
  budget_name: z.string(),
  scope: z.string(),
  window: z.string(),
  measure: z.enum(["usd", "tokens", "calls", "tool_calls", "seconds"]),
  spent: amount,
  limit: amount,
  /** The stage. */
  percent: z.number(),
  /** What was spent, as a percentage of the limit. */
  used_percent: z.number(),
  mode: z.enum(["observe", "enforce", "strict"]),
  action,
  period,
  /** The stage after this one; null: it is the last. */
  next: z.strictObject({ percent: z.number(), action }).nullable(),
});

/** A strict budget was spent from by calls that held nothing of it. */
const unreserved = z.strictObject({
  kind: z.literal("unreserved"),
  budget_name: z.string(),
  /** Not known of what was recorded before it was kept. */
  scope: z.string().optional(),
  usd: amount,
  events: count,
  /** As the counter calls it; empty for a window without one. */
  period: z.string(),
});

/** An hour cost a multiple of what is usual. */
const spike = z.strictObject({
  kind: z.literal("spike"),
  dimension: z.enum(["project", "agent", "feature"]),
  /** Name; null: calls without the tag. */
  value: z.string().nullable(),
  from: time,
  to: time,
  usd: amount,
  usual_usd: amount,
  /** Of the usual; null: nothing was spent before. */
  multiple: z.number().nullable(),
  /** Mean of the same hour of the week in the weeks before; null: there are too few. */
  weekly_usd: amount.nullable(),
});

/** At this rate a budget ends before its period. */
const forecast = z.strictObject({
  kind: z.literal("forecast"),
  budget_name: z.string(),
  /** Not known of what was recorded before it was kept. */
  scope: z.string().optional(),
  spent_usd: amount,
  limit_usd: amount,
  /** What the whole period would cost. */
  forecast_usd: amount,
  runs_out_at: time,
  period,
});

/** What sent events stopped. */
const silence = z.strictObject({
  kind: z.literal("silence"),
  source: z.string(),
  last_at: time,
  silent_seconds: count,
  longest_gap_seconds: count.nullable(),
});

/** A model without a price. */
const unpricedModel = z.strictObject({
  kind: z.literal("unpriced"),
  model: z.string(),
  provider: z.string().nullable(),
  calls: count,
});

/** A share of a day's calls without a price. */
const unpricedShare = z.strictObject({
  kind: z.literal("unpriced"),
  share_percent: z.number(),
  calls: count,
  unpriced_calls: count,
});

/** What an alert says, as it was when it was recorded. Money is decimal strings of US dollars, times are RFC 3339. */
export const alertFactsSchema = z.union([
  z.discriminatedUnion("kind", [threshold, unreserved, spike, forecast, silence]),
  unpricedModel,
  unpricedShare,
]);
export type AlertFacts = z.output<typeof alertFactsSchema>;
export type FactsOf<Kind extends AlertFacts["kind"]> = Extract<AlertFacts, { kind: Kind }>;
