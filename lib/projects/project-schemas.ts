import { z } from "zod";
import { MAX_PATTERNS, redactionPatternSchema } from "@/lib/contents/redaction-pattern";
import { ATTRIBUTION_TAGS } from "@/lib/projects/attribution-tags";
import { tagMappingSchema } from "@/lib/traces/tag-mapping-schema";

const name = z.string().trim().min(1).max(100);
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: "must be lower-case letters, digits and hyphens, at most 63",
});
/** A hundred years: past it somebody means for ever. */
const MAX_RETENTION_DAYS = 36_500;
const requiredTags = z.array(z.enum(ATTRIBUTION_TAGS)).max(ATTRIBUTION_TAGS.length);

const failMode = z.enum(["open", "closed"]).nullable().meta({
  description:
    "What a reservation is answered while budgets are out of reach. null: closed where a strict budget could bind the call, else open.",
});

const redactionPatterns = z.array(redactionPatternSchema).max(MAX_PATTERNS).meta({
  description: "Taken out of prompts and answers besides e-mail addresses, card numbers and keys.",
});

/** Body of POST /api/projects. */
export const createProjectSchema = z.strictObject({
  slug,
  name,
  is_demo: z.boolean().default(false),
  trusts_reported_cost: z.boolean().default(false),
  required_tags: requiredTags.default([]),
});
export type CreateProjectInput = z.output<typeof createProjectSchema>;

/** Body of PATCH /api/projects/{id}. A slug stands in links and scripts, so it stays. */
export const updateProjectSchema = z.strictObject({
  name: name.optional(),
  trusts_reported_cost: z.boolean().optional(),
  required_tags: requiredTags.optional(),
  fail_mode: failMode.optional(),
  retention_days: z.int().min(1).max(MAX_RETENTION_DAYS).nullable().optional().meta({
    description:
      "Days after which a call's detail is deleted for good; its sums by feature, agent, model and status stay. null: kept for ever. What expired does not come back.",
  }),
  keeps_content: z.boolean().optional().meta({
    description:
      "Prompts and answers are kept, redacted, in a place of their own. Switched off, nothing more is kept; what is kept stays until it expires or is deleted.",
  }),
  content_retention_days: z.int().min(1).max(365).optional().meta({
    description: "Days after which a prompt and its answer are deleted; their call stays.",
  }),
  redaction_patterns: redactionPatterns.optional(),
  tag_mapping: tagMappingSchema.optional().meta({
    description: "Where spans keep the project's tags. It holds for spans received from then on.",
  }),
});
export type UpdateProjectInput = z.output<typeof updateProjectSchema>;
export const projectParamsSchema = z.object({ id: z.uuid() });

export const projectSchema = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  is_demo: z.boolean(),
  /** Calls' `reported_cost_usd` is their cost. */
  trusts_reported_cost: z.boolean(),
  required_tags: z.array(z.enum(ATTRIBUTION_TAGS)),
  fail_mode: failMode,
  retention_days: z.int().nullable(),
  keeps_content: z.boolean(),
  content_retention_days: z.int(),
  redaction_patterns: redactionPatterns,
  tag_mapping: tagMappingSchema,
  sealed_before: z.iso
    .datetime()
    .nullable()
    .meta({ description: "Calls of UTC days before it expired; null: none did." }),
  created_at: z.iso.datetime(),
});
export type ProjectAnswer = z.output<typeof projectSchema>;
export const projectListSchema = z.object({ projects: z.array(projectSchema) });
