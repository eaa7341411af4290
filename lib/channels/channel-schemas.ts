import { z } from "zod";
import { AUDIENCES } from "@/lib/alerts/alert";
import { CHANNEL_TYPES, channelMatchSchema, PAGERDUTY_URL } from "@/lib/channels/channel";

const name = z.string().trim().min(1).max(100);
const url = z.string().trim().min(1).max(2000);
const secret = z
  .string()
  .min(16)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, { error: "must be printable ASCII without spaces" });
const routingKey = z.string().regex(/^[A-Za-z0-9]{20,64}$/, {
  error: "must be an integration key of PagerDuty: letters and digits only",
});
/** One line and one address: a mail's header is made of it. */
const to = z.array(z.email().max(254)).min(1).max(50);
const audience = z.enum(AUDIENCES).meta({
  description: "Whose notices it gets where a stage names no channels.",
});
const match = channelMatchSchema.meta({ description: "Only notices of one of each. Empty: all." });

const common = {
  project: z.string().nullable().optional().meta({
    description:
      "Slug of its project; null: notices of every project. Default: the one project that the request is about, else every one.",
  }),
  name,
  audience,
  match: match.default({}),
};

/** Body of POST /api/channels. */
export const createChannelSchema = z.discriminatedUnion("type", [
  z.strictObject({
    ...common,
    type: z.literal("webhook"),
    config: z.strictObject({
      url,
      secret: secret.optional().meta({
        description: "Signs each notice; made, and shown this once, where it is left out.",
      }),
    }),
  }),
  z.strictObject({ ...common, type: z.literal("slack"), config: z.strictObject({ url }) }),
  z.strictObject({ ...common, type: z.literal("email"), config: z.strictObject({ to }) }),
  z.strictObject({
    ...common,
    type: z.literal("pagerduty"),
    config: z.strictObject({ routing_key: routingKey, url: url.default(PAGERDUTY_URL) }),
  }),
]);
export type CreateChannelInput = z.output<typeof createChannelSchema>;

const fixed = z
  .unknown()
  .refine(() => false, { error: "stays as it is: make a new channel and remove this one" })
  .optional()
  .meta({ description: "Cannot be changed." });

/** Body of PATCH /api/channels/{id}. Of `config` what is left out stays; which names there are depends on its type. */
export const updateChannelSchema = z.strictObject({
  name: name.optional(),
  audience: audience.optional(),
  match: match.optional(),
  config: z
    .strictObject({
      url: url.optional(),
      secret: secret.nullable().optional().meta({
        description: "Of a webhook; null: a new one is made, and shown this once.",
      }),
      to: to.optional(),
      routing_key: routingKey.optional(),
    })
    .optional(),
  type: fixed,
  project: fixed,
});
export type UpdateChannelInput = z.output<typeof updateChannelSchema>;

export const channelParamsSchema = z.object({ id: z.uuid() });

/** A channel as it is answered: where it leads in outlines, and no secret. */
export const channelSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.enum(CHANNEL_TYPES),
  project: z.string().nullable(),
  audience: z.enum(AUDIENCES),
  match: channelMatchSchema,
  config: z
    .object({
      url: z.string().optional().meta({ description: "Scheme, host and the last characters." }),
      to: z.array(z.string()).optional(),
      routing_key: z.string().optional().meta({ description: "Its last characters." }),
      signed: z.boolean().optional(),
    })
    .nullable()
    .meta({ description: "null: it cannot be decrypted, as `problem` says." }),
  problem: z.string().nullable().meta({ description: "Why nothing can be sent to it." }),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  archived_at: z.iso.datetime().nullable(),
  can_change: z.boolean(),
});
export type ChannelAnswer = z.output<typeof channelSchema>;

/** Answer of POST and PATCH. */
export const savedChannelSchema = channelSchema.extend({
  secret: z.string().nullable().meta({
    description: "What a webhook's notices are signed with, where it was made just now; else null.",
  }),
});
export type SavedChannelAnswer = z.output<typeof savedChannelSchema>;

const listedChannelSchema = channelSchema.extend({
  last_delivery: z
    .object({
      state: z.enum(["pending", "sent", "dead"]),
      due_at: z.iso.datetime(),
      sent_at: z.iso.datetime().nullable(),
      last_error: z.string().nullable(),
    })
    .nullable()
    .meta({
      description: "Of the latest notice to it; null: there was none. Tests are not among them.",
    }),
});
export type ListedChannelAnswer = z.output<typeof listedChannelSchema>;

export const channelListSchema = z.object({ channels: z.array(listedChannelSchema) });

/** Answer of POST /api/channels/{id}/test. */
export const channelTestSchema = z.object({
  sent: z.boolean(),
  took_ms: z.int(),
  receipt: z.string().nullable().meta({ description: "What the channel said when it took it." }),
  error: z.string().nullable(),
});
export type ChannelTestAnswer = z.output<typeof channelTestSchema>;
