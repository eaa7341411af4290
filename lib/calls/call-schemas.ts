import { z } from "zod";
import type { Filter } from "@/db/clickhouse/filters";
import { CALL_SORTS, type CallSort } from "@/db/clickhouse/queries/list-calls";
import { instantParameter } from "@/lib/calls/instant-parameter";
import { rangeParameters } from "@/lib/calls/range-parameters";
import { readFilters } from "@/lib/calls/read-filters";
import { pageParameters } from "@/lib/page-parameters";
import { COST_STATUSES } from "@/lib/prices/price";
import { repeatable } from "@/lib/request-input";

const SORT_NAMES = CALL_SORTS.flatMap((name) => [`-${name}`, name]);

/** Query of GET /api/calls by name; `filter.<dimension>` comes on top, any number of them. */
export const callsParameters = z.object({
  ...rangeParameters,
  sort: z
    .enum(SORT_NAMES)
    .default("-timestamp")
    .meta({ description: "A leading minus is descending. Calls without the value come last." }),
  ...pageParameters,
  as_of: instantParameter.optional().meta({
    description: "Only what had arrived by then, as it stood then: before later corrections.",
  }),
  include_repeats: z.enum(["true", "false"]).optional().meta({
    description: "true: also what only repeats another call (`linked_id`). Left out by default.",
  }),
});

/** Query of GET /api/calls, read. Instants in microseconds since 1970. */
export interface CallsQuery {
  fromUs: number | null;
  toUs: number | null;
  sort: CallSort;
  direction: "asc" | "desc";
  limit: number;
  cursor: string | null;
  asOfUs: number | null;
  includesRepeats: boolean;
  filters: Filter[];
}

export const callsQuerySchema = callsParameters
  .catchall(repeatable)
  .transform(
    ({ from, to, sort, limit, cursor, as_of, include_repeats, ...others }, context): CallsQuery => {
      const name = sort.replace(/^-/, "");
      return {
        fromUs: from ?? null,
        toUs: to ?? null,
        sort: CALL_SORTS.find((known) => known === name) ?? "timestamp",
        direction: sort.startsWith("-") ? "desc" : "asc",
        limit,
        cursor: cursor ?? null,
        asOfUs: as_of ?? null,
        includesRepeats: include_repeats === "true",
        filters: readFilters(others, context),
      };
    },
  );

/** Query of GET /api/calls/{id}. */
export const callQuerySchema = z.strictObject({
  timestamp: instantParameter.optional().meta({
    description:
      "The event's own timestamp: a part of its identity. With it the call is found faster.",
  }),
});

export const callParamsSchema = z.object({ id: z.string().min(1).max(512) });

const text = z.string().nullable();
const usd = z.string().nullable().meta({ description: "US dollars, a decimal string." });
const count = z.number().int().nonnegative();
const json = z.record(z.string(), z.unknown());

/** A call as a list shows it. A field that was not sent is null. */
export const callSchema = z
  .object({
    id: z.string(),
    project: z.string().meta({ description: "Its slug." }),
    timestamp: z.string(),
    ingested_at: z.string(),
    type: z.enum(["llm", "tool", "agent", "step", "guard"]),
    name: text,
    provider: text,
    model: text,
    requested_model: text,
    agent: text,
    task: text,
    task_type: text,
    feature: text,
    user: text,
    session: text,
    trace_id: text,
    span_id: text,
    parent_span_id: text,
    usage: json.nullable().meta({ description: "Normalised; an absent part was not reported." }),
    usage_source: z.enum(["reported", "estimated"]).nullable(),
    service_tier: text,
    inference_geo: text,
    provider_account: text,
    cost_usd: usd,
    list_cost_usd: usd,
    reported_cost_usd: usd,
    cost_status: z.enum(COST_STATUSES),
    cost_reason: text,
    counted: z.boolean().meta({
      description:
        "false: it was voided, or says what another call says. It is shown and adds up to nothing.",
    }),
    linked_id: text.meta({
      description:
        "The call that counts instead: several clients, or several spans, told of one call.",
    }),
    status: z.enum(["ok", "error"]),
    error_type: text,
    attempt: count.nullable(),
    duration_ms: z.number().nullable(),
    time_to_first_token_ms: z.number().nullable(),
    cache: z.object({ layer: z.string(), hit: z.boolean() }).nullable(),
    routing: z.object({ strategy: text, tier: text, baseline_model: text }).nullable(),
    reservation_id: text,
    response_id: text.meta({ description: "The provider's own id of the response." }),
    prompt_hash: text,
    prefix_hashes: z.array(z.string()).nullable(),
    system_prompt_tokens: count.nullable(),
    source: text,
    sequence: count.nullable(),
    metadata: z.record(z.string(), z.string()),
    missing_tags: z
      .array(z.string())
      .meta({ description: "Attribution tags its project requires and the event left out." }),
  })
  .meta({ id: "Call" });
export type CallAnswer = z.input<typeof callSchema>;

const priceLine = z.object({
  class: z.string(),
  units: z.string(),
  usd_per_unit: z.string(),
  unit_count: z.number(),
  usd: z.string(),
});

const price = z
  .object({
    version: z.string(),
    source: z.string(),
    matched: z.string(),
    lines: z.array(priceLine),
  })
  .nullable();

/** What made a state of a call: its arrival, or a correction. */
export const REVISION_KINDS = ["received", "reprice", "void", "restore", "erase", "link"] as const;

/** One whole call. */
export const wholeCallSchema = callSchema
  .extend({
    raw_usage: json.nullable().meta({ description: "`{api, body}` as received, word for word." }),
    price,
    api_key_id: text,
    revisions: z
      .array(
        z.object({
          revision: count,
          at: z.string(),
          kind: z.enum(REVISION_KINDS),
          reason: text,
          author: text.meta({ description: "Who corrected it, as they were called then." }),
          counted: z.boolean(),
          cost_usd: usd,
          cost_status: z.enum(COST_STATUSES),
          cost_reason: text,
          price,
        }),
      )
      .meta({
        description: "What was derived of the event, oldest first; the last one holds.",
      }),
  })
  .meta({ id: "WholeCall" });
export type WholeCallAnswer = z.input<typeof wholeCallSchema>;

/** Answer of GET /api/calls. */
export const callsAnswerSchema = z.object({
  calls: z.array(callSchema),
  next_cursor: z.string().nullable().meta({ description: "null: this was the last page." }),
  expired_before: z.string().nullable().meta({
    description:
      "Calls of the range before this instant expired by their project's retention: they are not listed. null: none did.",
  }),
});
export type CallsAnswer = z.input<typeof callsAnswerSchema>;
