import { z } from "zod";
import { MAX_PATTERNS, redactionPatternSchema } from "@/lib/contents/redaction-pattern";

const part = z.unknown().meta({ description: "JSON as it was sent, redacted. null: not sent." });

/** Answer of GET /api/calls/{id}/content. */
export const callContentSchema = z
  .object({
    kept: z.boolean(),
    reason: z.enum(["project_keeps_none", "nothing_sent", "expired", "erased"]).nullable().meta({
      description: "Why nothing is kept; null where it is.",
    }),
    system: part,
    messages: part,
    tools: part,
    completion: part,
    redacted: z.record(z.string(), z.int()).meta({
      description: "How many of what were taken out before it was stored, by name.",
    }),
    cut: z.array(z.string()).meta({ description: "Parts that were too long to be kept whole." }),
    expires_at: z.iso.datetime().nullable(),
  })
  .meta({ id: "CallContent", description: "What was said in a call." });
export type CallContentAnswer = z.output<typeof callContentSchema>;

/** Body of POST /api/projects/{id}/redactions/preview. */
export const redactionPreviewSchema = z.strictObject({
  patterns: z.array(redactionPatternSchema).max(MAX_PATTERNS),
  text: z.string().max(20_000),
});
export type RedactionPreviewInput = z.output<typeof redactionPreviewSchema>;

export const redactionPreviewAnswerSchema = z.object({
  text: z.string(),
  redacted: z.record(z.string(), z.int()),
});
export type RedactionPreviewAnswer = z.output<typeof redactionPreviewAnswerSchema>;
