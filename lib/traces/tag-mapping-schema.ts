import { z } from "zod";

const MAX_RULES = 50;

/** A rule as the API has it. `task_type` is the contract's word for `taskType`. */
const tagRuleSchema = z.strictObject({
  tag: z.enum(["agent", "task", "task_type", "feature", "user", "session"]),
  from: z.enum(["resource", "span"]),
  attribute: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .meta({ description: "Its key; a path into its JSON text follows after ` > `." }),
  override: z.boolean().default(false).meta({
    description:
      "true: it wins over what the conventions say. Else it fills what they leave empty.",
  }),
});

/** A project's own rules of where its spans keep its tags: the first that finds a value counts. */
export const tagMappingSchema = z.array(tagRuleSchema).max(MAX_RULES);
export type TagMappingAnswer = z.output<typeof tagMappingSchema>;
