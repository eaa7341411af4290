import { z } from "zod";
import { TEXT_FIELDS } from "@/lib/events/event-fields";
import { usageSchema } from "@/lib/events/event-schema";

/** Bounds of a wish that the contract leaves open. */
export const RESERVATION_LIMITS = {
  textLength: 256,
  /** No model takes or makes as much; a bound, so that the sum of thousands of holds fits into the store's 64 bits. */
  tokens: 1_000_000_000_000,
  defaultTtlSeconds: 300,
  maxTtlSeconds: 3_600,
} as const;

const text = (description?: string) =>
  z
    .string()
    .nullish()
    .meta({ maxLength: RESERVATION_LIMITS.textLength, ...(description ? { description } : {}) });
const cap = z.int().nonnegative().max(RESERVATION_LIMITS.tokens).nullish();

/** The shape of `POST /v1/reservations`, and the source of its OpenAPI schema. `null` means "not sent", as in events. */
export const reservationSchema = z
  .strictObject({
    id: text("Makes it idempotent, and is the `reservation_id`. Without one the server makes it."),
    agent: text(TEXT_FIELDS.agent[1]),
    task: text(TEXT_FIELDS.task[1]),
    task_type: text(TEXT_FIELDS.task_type[1]),
    feature: text(TEXT_FIELDS.feature[1]),
    user: text(TEXT_FIELDS.user[1]),
    session: text(TEXT_FIELDS.session[1]),
    trace_id: text(TEXT_FIELDS.trace_id[1]),
    provider: text("Who is to serve the call."),
    model: text("The model that is to be called. Required for type llm."),
    type: z.enum(["llm", "tool"]).nullish(),
    estimated_usage: usageSchema
      .extend({
        max_output_tokens: cap.meta({
          description: "The cap sent to the provider: `strict` budgets hold all of it.",
        }),
        max_web_searches: cap,
      })
      .nullish()
      .meta({
        description:
          "What the call will use at most. Naming parts of the input (cache reads and writes, audio) prices it by them and not by the dearest.",
      }),
    estimated_cost_usd: z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .nullish()
      .meta({ description: "The caller's own worst case in US dollars; held instead of ours." }),
    service_tier: z
      .enum(["standard", "batch", "flex", "priority", "fast", "default", "auto", "on_demand"])
      .nullish()
      .meta({ description: "Without one, the dearest that the model has a price for is held." }),
    inference_geo: text("Region of inference; without one, the dearest is held."),
    ttl_seconds: z
      .int()
      .min(1)
      .max(RESERVATION_LIMITS.maxTtlSeconds)
      .nullish()
      .meta({ description: "How long it is held, 300 by default." }),
  })
  .meta({ id: "ReservationRequest", description: "A wish to call a model or a tool." });
export type ReservationShape = z.infer<typeof reservationSchema>;

/** The shape of `POST /v1/reservations/{id}/renew`; the body may be left out. */
export const renewSchema = z
  .strictObject({
    ttl_seconds: z
      .int()
      .min(1)
      .max(RESERVATION_LIMITS.maxTtlSeconds)
      .nullish()
      .meta({ description: "How long it is held from now on, 300 by default." }),
  })
  .meta({ id: "ReservationRenewal" });

export const DECISIONS = ["allow", "block", "throttle", "reroute"] as const;

export const REASON_CODES = [
  "kill_switch",
  "missing_tags",
  "budget_exceeded",
  "budget_locked",
  "no_price",
  "no_output_cap",
  "no_input_estimate",
  "rate_limited",
  "rerouted",
  "degraded",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export const reasonSchema = z.object({
  code: z.enum(REASON_CODES),
  budget_id: z.string().optional(),
  message: z.string(),
});
/** Why it was decided so, for a program and for a person. */
export type Reason = z.infer<typeof reasonSchema>;

/** The answer to a wish. A decision is data: it is always a 200. */
export const reservationAnswerSchema = z
  .object({
    decision: z.enum(DECISIONS).meta({
      description:
        "`throttle`: past its limit, let through at a rate. `block`: nothing is held; do not call.",
    }),
    reservation_id: z
      .string()
      .nullable()
      .meta({ description: "For the event that settles it; null where nothing is held." }),
    reserved_usd: z
      .string()
      .nullable()
      .meta({ description: "The largest hold in US dollars; null where it holds none." }),
    expires_at: z.string().nullable(),
    model: z.string().optional().meta({ description: "With `reroute`: the model to call." }),
    retry_after_ms: z.int().optional().meta({ description: "With `rate_limited`." }),
    reasons: z.array(reasonSchema),
  })
  .meta({ id: "ReservationAnswer" });
export type ReservationAnswer = z.infer<typeof reservationAnswerSchema>;
