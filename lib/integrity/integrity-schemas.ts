import { z } from "zod";
import { instantParameter } from "@/lib/calls/instant-parameter";

/** Query of GET /api/integrity. */
export const integrityQuerySchema = z.strictObject({
  from: instantParameter
    .optional()
    .meta({ description: "Included; its UTC day is the first. Default: 30 days before `to`." }),
  to: instantParameter.optional().meta({ description: "Excluded. Default: now." }),
});
export type IntegrityQuery = z.output<typeof integrityQuerySchema>;

const usd = z.string();
const instant = z.iso.datetime();

export const integrityRunSchema = z.object({
  id: z.uuid(),
  started_at: instant,
  finished_at: instant.nullable(),
  days: z.int(),
  differences: z.int(),
  /** Every day; else those that changed. */
  is_full: z.boolean(),
  /** Why it failed. */
  error: z.string().nullable(),
});
export type IntegrityRunAnswer = z.output<typeof integrityRunSchema>;

const sums = z.object({ events: z.int(), cost_usd: usd });

const daySchema = z.object({
  project: z.string(),
  /** UTC day, `YYYY-MM-DD`. */
  day: z.iso.date(),
  /**
   * `moving`: written or corrected just now, or not all of it has arrived in every store. `repaired`: it differed once,
   * by `difference_usd`, and is equal now. `sealed`: its calls expired.
   */
  state: z.enum(["equal", "moving", "different", "repaired", "sealed"]),
  /** Null: the calls expired. `llm_calls` are those of type `llm`. */
  calls: sums.extend({ llm_calls: z.int() }).nullable(),
  /** LLM calls, and the cost of all events. Null: not rolled up yet. */
  rollups: z.object({ llm_calls: z.int(), cost_usd: usd }).nullable(),
  /** Null: there is no counter. */
  counters: sums.nullable(),
  /** Largest difference among the three, added up over 15-minute buckets. Null while it moves. */
  difference_usd: usd.nullable(),
  /** Why it moves, or what differs. */
  note: z.string().nullable(),
  /** What was repaired. */
  repair: z.string().nullable(),
  repaired_at: instant.nullable(),
  checked_at: instant,
});
export type IntegrityDayAnswer = z.output<typeof daySchema>;

const gapSchema = z.object({
  project: z.string(),
  source: z.string(),
  first_sequence: z.int(),
  last_sequence: z.int(),
  received: z.int(),
  missing: z.int(),
  /** Ends included; the first 20. */
  missing_ranges: z.array(z.tuple([z.int(), z.int()])),
  first_at: z.string(),
  last_at: z.string(),
});
export type GapAnswer = z.output<typeof gapSchema>;

const spoolSchema = z.object({
  id: z.string(),
  fresh_to: instant,
  backlog_events: z.int(),
  seen_at: instant,
  /** It was not heard of for a minute. */
  is_gone: z.boolean(),
});
export type SpoolAnswer = z.output<typeof spoolSchema>;

/** `events`: how many there were in the range; `open`: samples that wait for somebody. */
const rejectedSchema = z.object({ events: z.int(), open: z.int() });

const budgetSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Null: of the whole installation. */
  project: z.string().nullable(),
  /**
   * `counting`: it was never counted yet. `moving`: its counters are being built anew. `unchecked`: they were not held
   * against the calls yet. `repaired`: they differed when they were, by `difference_usd`, and are equal since.
   */
  state: z.enum(["counting", "moving", "unchecked", "equal", "repaired"]),
  /** What it differed by when it last did, over all its values and periods; null: it was never compared. */
  difference_usd: usd.nullable(),
  /** Values and periods that differed then. */
  counters: z.int().nullable(),
  repaired_at: instant.nullable(),
  checked_at: instant.nullable(),
});
export type IntegrityBudgetAnswer = z.output<typeof budgetSchema>;

/** Answer of GET /api/integrity. */
export const integrityAnswerSchema = z.object({
  /** The latest comparison of a day in the range; null: none was compared. */
  checked_at: instant.nullable(),
  /** A full comparison is under way, or was asked for and begins within seconds. */
  running: z.boolean(),
  /** The last ones, newest first. */
  runs: z.array(integrityRunSchema),
  totals: z.object({
    days: z.int(),
    equal: z.int(),
    moving: z.int(),
    different: z.int(),
    repaired: z.int(),
    sealed: z.int(),
    /** Sums over the days that differ, and over those that did. */
    difference_usd: usd,
    repaired_usd: usd,
  }),
  /** Latest first, at most 1,000; `totals` count all. */
  days: z.array(daySchema),
  /** Budgets against the calls, each once a day and when a comparison is asked for. */
  budgets: z.array(budgetSchema),
  rejections: z.object({
    rejected: rejectedSchema,
    conflict: rejectedSchema,
    poisoned: rejectedSchema,
  }),
  gaps: z.array(gapSchema),
  gaps_summary: z.object({
    /** Sources that number their events. */
    sources: z.int(),
    /** Start of what was looked at: at most 31 days before the end of the range. */
    from: z.string(),
    /** Not every number was looked at. */
    is_cut: z.boolean(),
  }),
  /** The installation's processes that take events. */
  spools: z.array(spoolSchema),
});
export type IntegrityAnswer = z.output<typeof integrityAnswerSchema>;
