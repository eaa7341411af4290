import { z } from "zod";

const tags = z.object({
  agent: z.string(),
  task: z.string(),
  task_type: z.string(),
  feature: z.string(),
  user: z.string(),
  session: z.string(),
});

/** What linking a trace makes of a call of the ledger. */
const revised = z.object({
  kind: z.literal("revise"),
  /** Seconds since 1970. */
  bucket: z.int(),
  id: z.string(),
  /** The one it was decided on: a call that somebody corrected since is left alone. */
  revision: z.int(),
  before: tags.extend({ counted: z.boolean() }),
  counted: z.boolean(),
  /** What the revision says beside that it links; a batch of an older version has none. */
  reason: z.string().optional(),
  linked: tags.extend({
    linked_id: z.string(),
    metadata: z.record(z.string(), z.string()),
    attempt: z.int(),
    missing_tags: z.array(z.string()),
    sent_tags: z.record(z.string(), z.string()),
  }),
});

/** A call that only the whole trace shows: what an outer span reports and nothing below it does. */
const added = z.object({
  kind: z.literal("add"),
  bucket: z.int(),
  id: z.string(),
  /** Its row as ingest derives it, without its arrival. */
  row: z.record(z.string(), z.unknown()),
});

export const linkChangeSchema = z.discriminatedUnion("kind", [revised, added]);
export type LinkChange = z.output<typeof linkChangeSchema>;
export type RevisedCall = z.output<typeof revised>;
export type AddedCall = z.output<typeof added>;
