import { z } from "zod";
import { instantParameter } from "@/lib/calls/instant-parameter";
import { modelSumSchema } from "@/lib/corrections/correction-sums";
import { proposedPriceSchema } from "@/lib/prices/price-schemas";

const MAX_REASON = 1000;
const reason = z
  .string()
  .trim()
  .min(1)
  .max(MAX_REASON)
  .meta({ description: "Why; it stays with every call that is corrected." });
const dryRun = z
  .boolean()
  .default(false)
  .meta({ description: "Only says what would change, in dollars." });

/** Body of POST /api/reprices. */
export const repriceSchema = z
  .strictObject({
    from: instantParameter.meta({ description: "Included." }),
    to: instantParameter.meta({ description: "Excluded." }),
    filter: z
      .record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]))
      .default({})
      .meta({ description: "`{dimension: value or [values]}`; an empty value means untagged." }),
    dry_run: dryRun,
    reason: reason.optional(),
    price: proposedPriceSchema.optional().meta({
      description:
        "Of a dry run: a price to try, as POST /api/prices would add it. It is not added.",
    }),
  })
  .refine(hasReason, noReason())
  .refine(({ dry_run, price }) => dry_run || price === undefined, {
    error: "can only be tried in a dry run; add it by POST /api/prices, and reprice then",
    path: ["price"],
  });
export type RepriceInput = z.output<typeof repriceSchema>;

/** Body of POST /api/erasures. */
export const erasureSchema = z
  .strictObject({
    user: z.string().min(1).optional(),
    session: z.string().min(1).optional(),
    dry_run: dryRun,
    reason: reason.optional(),
  })
  .refine(({ user, session }) => (user === undefined) !== (session === undefined), {
    error: "name a user or a session, one of them",
    path: ["user"],
  })
  .refine(hasReason, noReason());
export type ErasureInput = z.output<typeof erasureSchema>;

/** Body of POST /api/calls/{id}/void and /restore. */
export const callCorrectionSchema = z.strictObject({ reason });

export const correctionParamsSchema = z.object({ id: z.uuid() });

const usd = z.string().meta({ description: "US dollars, a decimal string." });
const count = z.int().nonnegative();

/** A correction: what was asked for, how far it is, and what it changed. */
export const correctionSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(["reprice", "void", "restore", "erase"]),
    state: z.enum(["queued", "running", "done", "failed", "cancelled"]),
    dry_run: z.boolean(),
    tries_price: z
      .boolean()
      .meta({ description: "A dry run with a price that was not in the book." }),
    projects: z.array(z.string()).meta({ description: "Their slugs." }),
    from: z.string().nullable().meta({ description: "null: all time." }),
    to: z.string().nullable(),
    filter: z.record(z.string(), z.array(z.string())),
    reason: z.string(),
    author: z.string(),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable().meta({
      description: "Of one that was stopped: when its last batch was settled.",
    }),
    calls_total: count
      .nullable()
      .meta({ description: "Calls to be looked at; null: not counted." }),
    calls_seen: count,
    calls_changed: count,
    before_usd: usd.meta({
      description: "Sum of the known costs of the calls that change; unknown ones stand beside it.",
    }),
    after_usd: usd,
    difference_usd: usd,
    unknown_before: count.meta({ description: "Calls among them whose cost was unknown." }),
    unknown_after: count,
    models: z.array(modelSumSchema.extend({ difference_usd: usd })).meta({
      description: "The same sums by provider and model, the largest difference first.",
    }),
    error: z.string().nullable(),
  })
  .meta({ id: "Correction" });
export type CorrectionAnswer = z.input<typeof correctionSchema>;
export const repriceListSchema = z.object({ reprices: z.array(correctionSchema) });

function hasReason(input: { dry_run: boolean; reason?: string | undefined }): boolean {
  return input.dry_run || input.reason !== undefined;
}

function noReason() {
  return { error: "is required unless it is a dry run", path: ["reason"] };
}
