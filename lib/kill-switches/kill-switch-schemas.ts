import { z } from "zod";
import { instanceCountSchema, obedienceSchema } from "@/lib/instances/instance-schemas";

export const SWITCH_SCOPES = ["global", "project", "agent", "feature", "user", "model"] as const;
export type SwitchScope = (typeof SWITCH_SCOPES)[number];

const count = z.number().int();

const place = {
  scope: z.enum(SWITCH_SCOPES),
  value: z.string().min(1).max(256).nullable().optional().meta({
    description: "A name; of `project` its slug; none for `global`.",
  }),
};

/** Body of PUT /api/kill-switches. A reason both ways: whoever comes next must know why. */
export const putKillSwitchSchema = z.strictObject({
  ...place,
  project: z.string().nullable().optional().meta({
    description: "Slug; default: the one project that the request is about.",
  }),
  engaged: z.boolean(),
  reason: z.string().trim().min(1).max(2000),
  until: z.iso
    .datetime({ offset: true, error: "must be an RFC 3339 time" })
    .nullable()
    .default(null)
    .meta({ description: "It ends then by itself; null: until somebody releases it." }),
});
export type PutKillSwitchInput = z.output<typeof putKillSwitchSchema>;

/** Body of POST /api/kill-switches/rehearsals. */
export const rehearseSwitchSchema = z.strictObject({
  project: z.string().meta({ description: "Slug." }),
  agent: z.string().min(1).max(256),
  reason: z.string().trim().min(1).max(2000).default("A rehearsal"),
});
export type RehearseSwitchInput = z.output<typeof rehearseSwitchSchema>;

/** Query of GET /api/kill-switches/preview. */
export const previewKillSwitchSchema = z.strictObject({
  ...place,
  value: z.string().min(1).max(256).optional(),
});
export type PreviewKillSwitchQuery = z.output<typeof previewKillSwitchSchema>;

/** What calls there were, of what a switch stops. */
const stopsSchema = z.object({
  calls: count.meta({ description: "Model and tool calls of the last 15 minutes." }),
  cost_usd: z.string().meta({ description: "Known cost of these." }),
  agents: z.array(z.object({ agent: z.string().nullable(), calls: count })).meta({
    description: "Most calls first, at most 20; null: without the tag.",
  }),
  agents_count: count,
  running_sessions: count.meta({
    description: "Sessions, or traces without one, that had a call.",
  }),
});
export type SwitchStops = z.output<typeof stopsSchema>;

/** A switch as it is answered. */
export const killSwitchSchema = z.object({
  id: z.uuid(),
  scope: z.enum(SWITCH_SCOPES),
  project: z.string().nullable(),
  value: z.string().nullable(),
  engaged: z.boolean().meta({ description: "false also when `until` has passed." }),
  reason: z.string(),
  engaged_by: z.string().nullable(),
  engaged_at: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  released_by: z.string().nullable(),
  released_at: z.iso.datetime().nullable().meta({ description: "When `until` passed, `until`." }),
  release_reason: z.string().nullable(),
});
export type KillSwitchAnswer = z.output<typeof killSwitchSchema>;

/** Answer of GET /api/kill-switches/engaged. */
export const engagedSwitchesSchema = z.object({ switches: z.array(killSwitchSchema) });
export type EngagedSwitchesAnswer = z.output<typeof engagedSwitchesSchema>;

/** What somebody did to a switch. */
const switchEventSchema = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  scope: z.enum(SWITCH_SCOPES),
  project: z.string().nullable(),
  value: z.string().nullable(),
  engaged: z.boolean(),
  reason: z.string(),
  until: z.iso.datetime().nullable(),
});

/** Answer of GET /api/kill-switches. */
export const killSwitchListSchema = z.object({
  switches: z
    .array(
      killSwitchSchema.extend({
        stops: stopsSchema.nullable(),
        obedience: obedienceSchema.nullable(),
      }),
    )
    .meta({
      description:
        "Engaged ones first. `stops` is null where it is not engaged, or the calls could not be asked; `obedience` where it is not engaged.",
    }),
  agents: z
    .array(
      z.object({
        project: z.string(),
        agent: z.string().nullable(),
        calls: count,
        cost_usd: z.string(),
        running_sessions: count,
        last_at: z.iso.datetime(),
      }),
    )
    .nullable()
    .meta({
      description:
        "Who called in the last 15 minutes: what could be stopped. null: the calls could not be asked.",
    }),
  instance_counts: z.array(instanceCountSchema).meta({
    description: "Agents that tell what they obey, most instances first, at most 500.",
  }),
  history: z.array(switchEventSchema).meta({ description: "The last hundred, latest first." }),
});
export type KillSwitchListAnswer = z.output<typeof killSwitchListSchema>;

/** Answer of GET /api/kill-switches/preview. */
export const killSwitchPreviewSchema = z.object({
  scope: z.enum(SWITCH_SCOPES),
  project: z.string().nullable(),
  value: z.string().nullable(),
  engaged: z.boolean().meta({ description: "It is engaged already." }),
  stops: stopsSchema.nullable().meta({ description: "null: the calls could not be asked." }),
});
