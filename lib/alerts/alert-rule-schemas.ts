import { z } from "zod";
import { AUDIENCES } from "@/lib/alerts/alert";
import { RULE_KINDS, type RuleKind } from "@/lib/alerts/alert-rules";
import { parseUsd } from "@/lib/money";

const usd = z.string().refine((text) => (parseUsd(text) ?? -1n) >= 0n, {
  message: "must be US dollars as a decimal string, 0 or more, with at most 15 fraction digits",
});
/** Compared as hundredths: more digits would not count. */
const hundredths = (least: number, most: number) =>
  z
    .number()
    .min(least)
    .max(most)
    .refine((value) => Number.isInteger(Math.round(value * 1e6) / 1e4), {
      message: "must have at most two fraction digits",
    });

/** What each kind's rule has of its own; null options of a kind are refused as any unknown name is. */
export const ruleOptionsSchemas = {
  // Below, every second hour of an ordinary day would be one.
  spike: z.strictObject({ multiple: hundredths(1.1, 1_000) }),
  forecast: z.strictObject({}),
  silence: z.strictObject({ minutes: z.int().min(5).max(43_200) }),
  unpriced: z.strictObject({ share_percent: hundredths(0.01, 100) }),
  unreserved: z.strictObject({}),
} as const satisfies Record<RuleKind, z.ZodType>;

const place = {
  /** A project's slug; null or absent: every project without a rule of its own. */
  project: z.string().nullable().default(null),
};

const settings = {
  enabled: z.boolean(),
  floor_usd: usd,
  audience: z
    .array(z.enum(AUDIENCES))
    .min(1)
    .refine((names) => new Set(names).size === names.length, { message: "must name each once" }),
};

const rule = <Kind extends RuleKind>(kind: Kind) =>
  z.strictObject({
    kind: z.literal(kind),
    ...place,
    ...settings,
    options: ruleOptionsSchemas[kind],
    use_default: z.literal(false).optional(),
  });

const setRule = z.discriminatedUnion("kind", [
  rule("spike"),
  rule("forecast"),
  rule("silence"),
  rule("unpriced"),
  rule("unreserved"),
]);
export type SetAlertRuleInput = z.output<typeof setRule>;

const resetRule = z.strictObject({
  kind: z.enum(RULE_KINDS),
  ...place,
  /** The rule that was set goes: what holds for all counts again, or what is built in. */
  use_default: z.literal(true),
});
export type ResetAlertRuleInput = z.output<typeof resetRule>;

/** The body of PUT /api/alert-rules. Told apart by a field, so that a fault is told with its own path. */
export const putAlertRuleSchema = z.discriminatedUnion("use_default", [setRule, resetRule]);

export const alertRuleSchema = z
  .object({
    kind: z.enum(RULE_KINDS),
    project: z.string().nullable(),
    /** Nobody set it: what is built in. */
    is_default: z.boolean(),
    ...settings,
    options: z.record(z.string(), z.number()),
    updated_by: z.string().nullable(),
    updated_at: z.iso.datetime().nullable(),
  })
  .meta({ id: "AlertRule" });
export type AlertRuleAnswer = z.input<typeof alertRuleSchema>;

/** The installation's rule of each kind, then those that projects have of their own. */
export const alertRuleListSchema = z.object({ rules: z.array(alertRuleSchema) });
