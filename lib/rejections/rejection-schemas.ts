import { z } from "zod";
import { pageParameters } from "@/lib/page-parameters";

const kind = z.enum(["rejected", "conflict", "poisoned"]).meta({
  description:
    "`rejected`: refused by the rules; `conflict`: known with other content; `poisoned`: accepted, and refused by the calls store.",
});
const state = z.enum(["open", "retrying", "accepted"]);

/** Query of GET /api/rejections. */
export const rejectionsQuerySchema = z.strictObject({
  kind: kind.optional(),
  state: state.optional(),
  fingerprint: z.string().max(64).optional().meta({ description: "Of one fault only." }),
  ...pageParameters,
});
export type RejectionsQuery = z.output<typeof rejectionsQuerySchema>;

export const rejectionParamsSchema = z.object({ id: z.uuid() });

/** One event that does not count. */
export const rejectionSchema = z
  .object({
    id: z.string(),
    project: z.string().meta({ description: "Its slug." }),
    kind,
    fingerprint: z.string().meta({ description: "Its fault, one of `faults`." }),
    event_id: z.string().nullable(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
    body: z.string().meta({
      description:
        "The event's JSON without prompts and answers; of a poisoned one its row; of a span or a log record what its sender is found by.",
    }),
    truncated: z.boolean().meta({ description: "Only a part is kept: it cannot be retried." }),
    content_dropped: z.boolean().meta({ description: "Prompts and answers were left out." }),
    received_at: z.string(),
    state,
    retried_at: z.string().nullable(),
  })
  .meta({ id: "Rejection" });
export type RejectionAnswer = z.input<typeof rejectionSchema>;

const fault = z.object({
  project: z.string(),
  kind,
  fingerprint: z.string(),
  message: z.string(),
  events: z.int().meta({ description: "Every one, of which `rejections` are samples." }),
  last_at: z.string(),
});

/** Answer of GET /api/rejections. */
export const rejectionsAnswerSchema = z.object({
  rejections: z.array(rejectionSchema),
  faults: z.array(fault).meta({ description: "The latest hundred, whatever the page." }),
  next_cursor: z.string().nullable(),
});
export type RejectionsAnswer = z.input<typeof rejectionsAnswerSchema>;
