import { z } from "zod";
import { tagMappingSchema } from "@/lib/traces/tag-mapping-schema";

/** Body of POST /api/projects/{id}/tag-mapping/preview. */
export const tagPreviewInputSchema = z.strictObject({ tag_mapping: tagMappingSchema });
export type TagPreviewInput = z.output<typeof tagPreviewInputSchema>;

const tag = z.string().nullable();
const tags = z.object({
  agent: tag,
  task: tag,
  task_type: tag,
  feature: tag,
  user: tag,
  session: tag,
});

/** Its answer. */
export const tagPreviewAnswerSchema = z
  .object({
    spans: z.array(
      z.object({
        signal: z.enum(["span", "log"]),
        name: z.string(),
        service: z.string(),
        started_at: z.string(),
        before: tags.meta({ description: "What it names by itself, by the rules that are saved." }),
        after: tags.meta({ description: "The same by the rules that are tried." }),
      }),
    ),
    attributes: z.array(
      z.object({
        from: z.enum(["resource", "span"]),
        attribute: z.string(),
        sample: z.string(),
        spans: z.int().nonnegative(),
      }),
    ),
  })
  .meta({
    description:
      "Of spans that the answering process received since it started, the newest first: at most 100. Nothing is kept.",
  });
export type TagPreviewAnswer = z.input<typeof tagPreviewAnswerSchema>;
