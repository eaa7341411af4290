import { z } from "zod";
import type { Filter } from "@/db/clickhouse/filters";
import { SESSION_SORT_NAMES, type SessionSort } from "@/db/clickhouse/session-columns";
import { instantParameter } from "@/lib/calls/instant-parameter";
import { rangeParameters } from "@/lib/calls/range-parameters";
import { readFilters } from "@/lib/calls/read-filters";
import { pageParameters } from "@/lib/page-parameters";
import { repeatable } from "@/lib/request-input";
import { figuresSchema } from "@/lib/spend/figures";

const SORT_NAMES = SESSION_SORT_NAMES.flatMap((name) => [`-${name}`, name]);

/** Query of GET /api/sessions by name; `filter.<dimension>` comes on top, any number of them. */
export const sessionsParameters = z.object({
  ...rangeParameters,
  sort: z.enum(SORT_NAMES).default("-cost").meta({
    description: "A leading minus is descending. Sessions without the value come last.",
  }),
  ...pageParameters,
  as_of: instantParameter
    .optional()
    .meta({ description: "Only what had arrived by then. Default: what is queryable now." }),
});

/** Query of GET /api/sessions, read. Instants in microseconds since 1970. */
export interface SessionsQuery {
  fromUs: number | null;
  toUs: number | null;
  sort: SessionSort;
  direction: "asc" | "desc";
  limit: number;
  cursor: string | null;
  asOfUs: number | null;
  filters: Filter[];
}

export const sessionsQuerySchema = sessionsParameters
  .catchall(repeatable)
  .transform(({ from, to, sort, limit, cursor, as_of, ...others }, context): SessionsQuery => {
    const name = sort.replace(/^-/, "");
    return {
      fromUs: from ?? null,
      toUs: to ?? null,
      sort: SESSION_SORT_NAMES.find((known) => known === name) ?? "cost",
      direction: sort.startsWith("-") ? "desc" : "asc",
      limit,
      cursor: cursor ?? null,
      asOfUs: as_of ?? null,
      filters: readFilters(others, context),
    };
  });

const text = z.string().nullable();
const count = z.number().int().nonnegative();

/** Figures of a session: those of a sum of spend. */
export const sessionFiguresSchema = figuresSchema
  .pick({
    cost_usd: true,
    calls: true,
    input_tokens: true,
    cache_read_tokens: true,
    cache_write_tokens: true,
    output_tokens: true,
    reasoning_tokens: true,
    errors: true,
    unpriced_calls: true,
    partial_calls: true,
  })
  .required();

/** A session as a list shows it. */
export const sessionSchema = sessionFiguresSchema
  .extend({
    session: text.meta({ description: "null: a trace whose calls name no session." }),
    trace_id: text.meta({ description: "The trace that is the session; null where `session` is." }),
    project: z.string().meta({ description: "Its slug." }),
    started_at: z.string().meta({ description: "Its first event within the range." }),
    ended_at: z.string().meta({ description: "When the last of them ended." }),
    duration_ms: z.number().nonnegative(),
    steps: count.meta({ description: "Events of every type." }),
    retries: count.meta({ description: "Calls that were a second attempt or a later one." }),
    agents: z.array(z.string()).meta({ description: "The first 10 by name." }),
    agent_count: count.meta({ description: "101 stands for more than 100." }),
    outcome: z.enum(["success", "failure"]).nullable().meta({
      description:
        "The latest that names the session; else the latest of its tasks that names none. null: none was reported.",
    }),
    outcome_value_usd: text.meta({
      description: "What that outcome was worth, as it was reported. null: not reported.",
    }),
  })
  .meta({
    id: "Session",
    description:
      "The calls of one session, or of one trace without a session. Its figures are those of its calls within the range that match the filters.",
  });
export type SessionAnswer = z.input<typeof sessionSchema>;

/** Answer of GET /api/sessions. */
export const sessionsAnswerSchema = z.object({
  as_of: z.string().meta({
    description: "The moment that this page and those after it show: later events move none.",
  }),
  sessions: z.array(sessionSchema),
  next_cursor: z.string().nullable().meta({ description: "null: this was the last page." }),
  expired_before: z.iso.datetime().nullable().meta({
    description:
      "RFC 3339. The calls before it have expired: sessions are listed of what came from then on. null: the whole range.",
  }),
});
export type SessionsAnswer = z.input<typeof sessionsAnswerSchema>;
