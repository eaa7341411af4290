import { z } from "zod";

const count = z.int().nonnegative();
const bytes = z.int().nonnegative();
const instant = z.iso.datetime();

/** A part that is known, or the reason why not: a part that could not be asked is never a zero. */
function part<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.discriminatedUnion("known", [
    z.object({ known: z.literal(true), ...shape }),
    z.object({ known: z.literal(false), reason: z.string() }),
  ]);
}

/** Answer of GET /api/health. Each part fails on its own. */
export const healthSchema = z.object({
  at: instant,
  readiness: part({
    ready: z.boolean(),
    degraded: z.boolean(),
    clickhouse: z.boolean(),
    postgres: z.boolean(),
    faults: z.array(z.string()).meta({ description: "What is wrong, in words; empty: nothing." }),
  }).meta({ description: "As GET /readyz of the process that answers." }),
  received: part({
    from: instant,
    to: instant,
    events: count,
    minutes: z
      .array(count)
      .meta({ description: "Events of each of the 60 minutes, oldest first." }),
  }).meta({
    description:
      "Events of the asked projects by the minute they were received in, the last 60 full ones, from the calls store; events that are older than two days are not among them.",
  }),
  backlog: part({
    events: count.meta({ description: "Accepted and not queryable yet." }),
    bytes: bytes.nullable().meta({ description: "null: known to the process that holds them." }),
    oldest_seconds: z.number().nonnegative().nullable(),
    fresh_to: instant.nullable(),
  }),
  rejected: part({
    since: instant,
    rejected: count,
    conflict: count,
    poisoned: count,
  }).meta({ description: "Events of the asked projects that did not count, since 00:00 UTC." }),
  disk: part({
    folder: z.string(),
    used_bytes: bytes,
    parts: z.array(z.object({ name: z.string(), bytes })),
    free_bytes: bytes,
    total_bytes: bytes,
    spool_max_bytes: bytes,
  }).meta({ description: "The data directory of the process that answers, and its disk." }),
  rollups: part({
    behind: count.meta({ description: "Quarters of an hour that wait to be summed anew." }),
    oldest: instant.nullable(),
  }),
  integrity: part({
    checked_at: instant.nullable().meta({ description: "null: nothing was compared yet." }),
    days: count,
    different: count,
    moving: count,
    last_full_run: z
      .object({
        finished_at: instant,
        days: count,
        differences: count,
        error: z.string().nullable(),
      })
      .nullable(),
  }),
  versions: z.object({
    outlay: z.string(),
    node: z.string(),
    role: z.enum(["all", "web", "ingest"]),
    clickhouse: part({ version: z.string(), kind: z.enum(["embedded", "server"]) }),
    postgres: part({ version: z.string(), kind: z.enum(["embedded", "server"]) }),
  }),
});
export type HealthAnswer = z.output<typeof healthSchema>;
