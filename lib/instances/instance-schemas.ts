import { z } from "zod";
import { storableText } from "@/lib/budgets/storable-text";

export const INSTANCE_STATES = ["running", "halted"] as const;

const name = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => storableText(text) === text, "must be Unicode text without NUL");

/** Body of `POST /v1/agents/heartbeat`. */
export const heartbeatSchema = z.strictObject({
  instance_id: name(128).min(1).meta({ description: "Of the process; another one after a start." }),
  agent: name(256).nullish().meta({ description: "One heartbeat for each agent that it runs." }),
  policy_version: z.int().nonnegative().meta({ description: "Of the policy that it obeys." }),
  state: z.enum([...INSTANCE_STATES, "ended"]).meta({
    description:
      "`halted`: it starts no call and has stopped those under way. `ended`: it is over.",
  }),
});
export type Heartbeat = z.output<typeof heartbeatSchema>;

/** Query of GET /api/instances. */
export const instancesQuerySchema = z.strictObject({
  agent: name(256).optional().meta({ description: "An empty one: instances without the tag." }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type InstancesQuery = z.output<typeof instancesQuerySchema>;

const instant = z.iso.datetime();

/** An agent in a process, as it is answered. */
export const instanceSchema = z.object({
  project: z.string(),
  instance_id: z.string(),
  agent: z.string().nullable(),
  policy_version: z.int(),
  state: z.enum(INSTANCE_STATES),
  seen_at: instant,
  is_lost: z.boolean().meta({ description: "Not seen for 15 seconds." }),
  state_since: instant,
  obeys_since: instant.meta({ description: "Since when it obeys this version of the policy." }),
});
export type InstanceAnswer = z.output<typeof instanceSchema>;

/** Answer of GET /api/instances. */
export const instanceListSchema = z.object({
  policy_version: z.int().meta({ description: "The version that agents are told now." }),
  instances: z.array(instanceSchema).meta({
    description: "Seen in the last ten minutes, last seen first.",
  }),
});
export type InstanceListAnswer = z.output<typeof instanceListSchema>;

const count = z.int();

/** How many instances of an agent tell what they obey. */
export const instanceCountSchema = z.object({
  project: z.string(),
  agent: z.string().nullable().meta({ description: "null: without the tag." }),
  instances: count.meta({ description: "Seen in the last ten minutes." }),
  unseen: count.meta({ description: "Of these, not seen for 15 seconds." }),
});
export type InstanceCount = z.output<typeof instanceCountSchema>;

/** Who has obeyed an engaged switch. */
export const obedienceSchema = z.object({
  instances: count.meta({ description: "Those it is about, seen in the last ten minutes." }),
  confirmed: count.meta({ description: "They obey it; those that it stops whole say `halted`." }),
  unseen: count.meta({ description: "Not confirmed, and not seen for 15 seconds." }),
  longest_unseen_seconds: z.number().nullable(),
  slowest_ms: z.number().nullable().meta({
    description:
      "From the switch to the last confirmation of those that ran then; null: none of them has.",
  }),
});
export type Obedience = z.output<typeof obedienceSchema>;
