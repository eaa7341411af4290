import { z } from "zod";

/** More are a list of words, which is no work for patterns. */
export const MAX_PATTERNS = 20;

/** A text that a project has taken out of prompts and answers: `(redacted: <name>)` stands in its place. */
export const redactionPatternSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9 _-]{0,31}$/, {
    error: "must be lower-case letters, digits, spaces, _ and -, at most 32",
  }),
  pattern: z.string().min(1).max(500).meta({ description: "RE2's syntax." }),
});
export type RedactionPattern = z.output<typeof redactionPatternSchema>;
