import { z } from "zod";
import { EVENT_LIMITS, TEXT_FIELDS, type TextField } from "@/lib/events/event-fields";
import { RAW_USAGE_APIS } from "@/lib/usage/usage";

/**
 * The shape of one event, and the source of its OpenAPI schema. Rules that need a clock, two fields or
 * exact decimals are in check-event.ts.
 *
 * Objects are strict: an unknown field is a fault. A misspelt `cache_read_token` that we ignored would be
 * money counted at the wrong price, and its sender would have no way to know. `null` means "not sent",
 * because many clients write it for a missing value.
 */
const count = z.int().nonnegative().nullish();
const optionalText = (maxLength: number, description?: string) =>
  z
    .string()
    .nullish()
    .meta({ maxLength, ...(description ? { description } : {}) });
type OptionalText = ReturnType<typeof optionalText>;

/**
 * Lengths are checked in check-event.ts with the characters: zod counts UTF-16 units, and one check for
 * twenty fields costs a tenth of twenty checks.
 */
const textFields = Object.fromEntries(
  Object.entries(TEXT_FIELDS).map(([name, [max, description]]) => [
    name,
    optionalText(max, description),
  ]),
) as Record<TextField, OptionalText>;

/** A plain non-negative decimal; fraction digits are counted exactly in check-event.ts. */
const usdText = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .nullish()
  .meta({ description: "US dollars as a plain decimal string, at most 15 fraction digits." });

/** What a call used. */
export const usageSchema = z.strictObject({
  input_tokens: count.meta({
    description: "ALL input tokens: cached, cache-written, audio included.",
  }),
  cache_read_tokens: count,
  cache_write_5m_tokens: count,
  cache_write_1h_tokens: count,
  input_audio_tokens: count,
  cache_read_audio_tokens: count.meta({ description: "Tokens both audio and read from a cache." }),
  output_tokens: count.meta({ description: "ALL output tokens, reasoning and audio included." }),
  reasoning_tokens: count,
  output_audio_tokens: count,
  web_searches: count,
  gpu_seconds: z
    .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?$/)])
    .nullish()
    .meta({ description: "At most 6 decimals; send a string to keep more than 15 digits exact." }),
  units: z
    .record(z.string(), z.int().nonnegative())
    .nullish()
    .meta({ description: "Other billable units by name: images, seconds, characters, requests." }),
});

/** The provider's own words for its standard tier are accepted beside ours. */
const SERVICE_TIERS = ["standard", "batch", "flex", "priority", "fast"] as const;
const TIER_SPELLINGS = ["default", "auto", "on_demand"] as const;
/** What an event's tier may be called. */
export const EVENT_TIERS = [...SERVICE_TIERS, ...TIER_SPELLINGS] as const;

export const eventSchema = z
  .strictObject({
    ...textFields,
    timestamp: z.string().nullish().meta({
      format: "date-time",
      description:
        "Start of the step, RFC 3339 with an offset, from 2020-01-01 to now + 24 h. Required with an id.",
    }),
    type: z.enum(["llm", "tool", "agent", "step", "guard"]).nullish(),
    usage: usageSchema.nullish(),
    raw_usage: z
      .strictObject({ api: z.enum(RAW_USAGE_APIS), body: z.looseObject({}) })
      .nullish()
      .meta({ description: "Instead of usage: the provider's own usage object, word for word." }),
    usage_source: z.enum(["reported", "estimated"]).nullish(),
    service_tier: z.enum(EVENT_TIERS).nullish(),
    reported_cost_usd: usdText,
    cost_usd: usdText.meta({ description: "The same as reported_cost_usd." }),
    status: z.enum(["ok", "error"]).nullish(),
    error_type: z
      .enum(["rate_limit", "validation", "authentication", "timeout", "cancelled", "unknown"])
      .nullish(),
    attempt: z.int().min(1).max(EVENT_LIMITS.attempt).nullish(),
    duration_ms: z.number().nonnegative().nullish(),
    time_to_first_token_ms: z.number().nonnegative().nullish(),
    cache: z.strictObject({ layer: z.enum(["exact", "semantic"]), hit: z.boolean() }).nullish(),
    routing: z
      .strictObject({
        strategy: optionalText(256),
        tier: optionalText(256),
        baseline_model: optionalText(256),
      })
      .nullish(),
    content: z
      .strictObject({
        system: z.unknown(),
        messages: z.unknown(),
        tools: z.unknown(),
        completion: z.unknown(),
      })
      .partial()
      .nullish()
      .meta({ description: "Kept only where the project keeps content." }),
    prefix_hashes: z.array(z.string()).max(EVENT_LIMITS.prefixHashes).nullish(),
    system_prompt_tokens: count,
    sequence: count,
    metadata: z
      .record(z.string(), z.string())
      .nullish()
      .meta({ maxProperties: EVENT_LIMITS.metadataPairs, description: "Free tags, filterable." }),
  })
  .meta({ id: "Event", description: "One step of an agent's work." });

/** An event whose shape is right; check-event.ts checks the rest. */
export type EventShape = z.infer<typeof eventSchema>;
