import { z } from "zod";
import { EVENT_LIMITS, TEXT_FIELDS } from "@/lib/events/event-fields";

export const OUTCOME_STATUSES = ["success", "failure"] as const;

/** The text fields of an outcome, as long as an event's of the same name. */
export const OUTCOME_TEXTS = ["id", "task", "task_type", "session", "feature"] as const;

/** Lengths and characters are checked in check-outcome.ts, as those of an event are. */
const text = (name: (typeof OUTCOME_TEXTS)[number], description?: string) =>
  z.string().meta({
    minLength: 1,
    maxLength: TEXT_FIELDS[name][0],
    ...(description ? { description } : {}),
  });

/** One outcome, and the source of its OpenAPI schema. `null` means "not sent", as in an event. */
export const outcomeSchema = z
  .strictObject({
    id: text("id", "Idempotency key: the outcome's identity within its project."),
    task: text("task", "The run that ended, as its events name it."),
    task_type: text("task_type").nullish(),
    session: text("session", "The session it is the outcome of.").nullish(),
    feature: text("feature").nullish(),
    status: z.enum(OUTCOME_STATUSES),
    value_usd: z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .nullish()
      .meta({
        description:
          "What it was worth in US dollars, as a plain decimal string, at most 15 fraction digits.",
      }),
    timestamp: z.string().meta({
      format: "date-time",
      description: `When it ended, RFC 3339 with an offset, from ${new Date(EVENT_LIMITS.earliestUs / 1000).toISOString().slice(0, 10)} to now + 24 h.`,
    }),
  })
  .meta({ id: "Outcome", description: "How a task ended." });
export type OutcomeShape = z.output<typeof outcomeSchema>;
