import { z } from "zod";
import { instantParameter } from "@/lib/calls/instant-parameter";
import { COST_STATUSES } from "@/lib/prices/price";
import { sessionSchema } from "@/lib/sessions/session-schemas";

/** Steps that an answer names one by one; what is past them is summed where it hangs. */
export const MAX_NODES = 10_000;

export const NODE_KINDS = ["llm", "agent", "tool", "step", "guard"] as const;

const text = z.string().nullable();
const usd = z.string().nullable();
const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

/** Query of GET /api/sessions/{id} and GET /api/traces/{trace_id}. */
export const treeQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_NODES).default(MAX_NODES).meta({
    description:
      "Steps to name one by one, the dearest branches first; `more` has the sums of the others.",
  }),
  as_of: instantParameter.optional().meta({
    description: "Only what had arrived by then, as it stood then. Default: what is queryable now.",
  }),
});
export type TreeQuery = z.output<typeof treeQuerySchema>;

export const sessionParamsSchema = z.object({ id: z.string().min(1).max(512) });
export const traceParamsSchema = z.object({ traceId: z.string().min(1).max(512) });

const tokensSchema = z.object({
  input: count.meta({ description: "All input, with what was cached." }),
  cache_read: count,
  cache_write: count,
  output: count.meta({ description: "All output, with what was reasoned." }),
  reasoning: count,
});

/** What is summed of steps that are not named one by one. */
export const moreStepsSchema = z.object({
  steps: count,
  calls: count,
  cost_usd: usd.meta({ description: "Their known cost. null: nothing is known of it." }),
  is_at_least: z.boolean(),
});

export const treeNodeSchema = z
  .object({
    id: z.string().meta({ description: "Unique within the answer." }),
    parent_id: text.meta({ description: "The node above; null: a root." }),
    depth: count.meta({ description: "0: a root." }),
    kind: z.enum(NODE_KINDS),
    name: z.string().meta({ description: "Never empty: its own, or else what it is of." }),
    agent: text.meta({ description: "Its own, or that of the nearest node above." }),
    provider: text,
    model: text,
    trace_id: text,
    span_id: text,
    call_id: text.meta({
      description:
        "Opens it with GET /api/calls/{id} and `started_at` as `timestamp`. null: a span that is no event of the ledger.",
    }),
    status: z.enum(["ok", "error"]),
    error_type: text,
    started_at: z.string(),
    duration_ms: z.number().nonnegative().nullable(),
    time_to_first_token_ms: z.number().nonnegative().nullable(),
    attempt: count.nullable(),
    counted: z.boolean().meta({
      description:
        "false: it adds up to nothing itself, as a span that repeats what is below it, a voided call, or a mere agent or step that no event told of.",
    }),
    repeat_count: count.meta({
      description: "Other reports of the same call that were folded into this node.",
    }),
    is_orphan: z.boolean().meta({
      description:
        "The node above it, which it names, never came, is of another session, or is below it: it hangs at the root.",
    }),
    tokens: tokensSchema
      .nullable()
      .meta({ description: "Its own. null: it reported none, or is not counted." }),
    cost_usd: usd.meta({ description: "Its own. 0 for what costs nothing; null: unknown." }),
    cost_status: z.enum(COST_STATUSES).nullable(),
    cost_reason: text,
    total_cost_usd: usd.meta({
      description: "With all below it, named or not. null: nothing is known.",
    }),
    is_at_least: z.boolean().meta({
      description:
        "`total_cost_usd` is a lower bound: something in it has no price, or only in part.",
    }),
    total_calls: count.meta({ description: "Calls of models, its own and those below it." }),
    total_steps: count.meta({ description: "Counted events of every kind, its own and below it." }),
    total_errors: count.meta({ description: "Failed calls of models among `total_calls`." }),
    total_input_tokens: count,
    total_output_tokens: count,
    child_count: count.meta({ description: "Nodes directly below it, named or not." }),
    more: moreStepsSchema
      .nullable()
      .meta({ description: "Below it and not named one by one. null: all are." }),
    cache_saving_usd: usd.meta({
      description:
        "What its cached input would have cost more at the price of plain input, less what writing to the cache cost more. Negative: writing cost more than reading saved. null: no cache, or no price.",
    }),
    retry: z
      .object({ of: text.meta({ description: "The failed node that it tries again, if shown." }) })
      .nullable(),
    loop: z
      .object({
        length: count.meta({ description: "Steps of the sequence that repeats." }),
        repeats: count.meta({ description: "How many times it ran in a row." }),
        evidence: z.enum(["same", "alike"]).meta({
          description:
            "same: what was asked was the same each time, by its hash or its count of tokens. alike: at least 50 calls of one model right after one another, with no tool or agent between, no prompt shorter than those before and answers of similar size; what they asked was not sent, so it may be a loop.",
        }),
      })
      .nullable(),
    context: z
      .object({
        turn: count.meta({ description: "From 1: which call of this run of its agent." }),
        window_tokens: count.nullable().meta({ description: "null: not known of this model." }),
        window_share: z.number().nonnegative().nullable().meta({
          description: "All input over the window; above 1 where the catalogue's window is small.",
        }),
        growth: z.number().nonnegative().nullable().meta({
          description: "Input over that of the run's first turn. null: that was 0.",
        }),
        is_growing: z.boolean().meta({
          description:
            "Marked: twice the first turn and over 8,000 tokens, or over 80 % of the window.",
        }),
      })
      .nullable()
      .meta({ description: "Of a counted call of a model that reported its input." }),
  })
  .meta({ id: "TreeNode" });
export type TreeNode = z.input<typeof treeNodeSchema>;

export const treeAgentSchema = z
  .object({
    agent: text.meta({ description: "null: steps of no agent." }),
    parent_agent: text.meta({
      description: "The agent that it first ran under. null: none, or it leads.",
    }),
    is_sub_agent: z.boolean(),
    calls: count,
    steps: count,
    errors: count,
    cost_usd: usd.meta({ description: "Of its own steps. These add up to the session's." }),
    is_at_least: z.boolean(),
    total_cost_usd: usd.meta({ description: "Of everything that ran under it, its own included." }),
    is_total_at_least: z.boolean(),
    share: share.nullable().meta({
      description: "Of the known cost, by its own steps. null: nothing is known, or it is 0.",
    }),
    tokens: tokensSchema,
    retries: count,
    loops: count.meta({ description: "Steps of it that are marked as a loop." }),
    cache_saving_usd: usd,
    coordination_tokens: count.meta({
      description: "Of its fresh input, at most so much was written by other agents before.",
    }),
    context: z
      .object({
        turns: count,
        first_input_tokens: count,
        last_input_tokens: count,
        max_input_tokens: count,
        max_window_share: z.number().nonnegative().nullable(),
        points: z
          .array(
            z.object({ turn: count, input_tokens: count, window_share: z.number().nullable() }),
          )
          .meta({ description: "At most 100, evenly taken, with the first, last and greatest." }),
      })
      .nullable()
      .meta({ description: "null: none of its calls reported input." }),
  })
  .meta({ id: "TreeAgent" });
export type TreeAgent = z.input<typeof treeAgentSchema>;

export const coordinationSchema = z
  .object({
    is_estimate: z.boolean().meta({
      description:
        "true: only counts of tokens are known, not which tokens they were. It is an upper bound then.",
    }),
    tokens: count.meta({ description: "Input of sub-agents that others wrote before." }),
    input_tokens: count.meta({ description: "Input of all calls: what the share is of." }),
    share: share.nullable().meta({ description: "null: no call reported input." }),
    cost_usd: usd.meta({
      description: "Of these tokens at each call's price of plain input. null: no such price.",
    }),
  })
  .meta({
    id: "Coordination",
    description:
      "What sub-agents re-read of what others wrote. For each call of an agent other than the trace's first one: the lesser of its input that was not read from a cache, and of all output of other agents in the trace that was finished before it began.",
  });

const treeSchema = z.object({
  as_of: z.string().meta({ description: "The moment that is shown." }),
  traces: z
    .array(
      z.object({
        trace_id: text.meta({ description: "null: events of the session without a trace." }),
        started_at: z.string(),
        cost_usd: usd,
        is_at_least: z.boolean(),
        calls: count,
        steps: count,
      }),
    )
    .meta({ description: "In the order of time: the first 1,000." }),
  trace_count: count,
  cache_saving_usd: usd,
  agents: z.array(treeAgentSchema).meta({ description: "The dearest 200 by their own steps." }),
  agent_count: count,
  coordination: coordinationSchema.nullable().meta({ description: "null: there is one agent." }),
  retry_count: count,
  loop_count: count.meta({ description: "Nodes that are marked as a loop." }),
  loop_alike_count: count.meta({
    description: "Those of them whose `evidence` is `alike`: they may be a loop.",
  }),
  node_count: count.meta({ description: "Nodes there are, named or not." }),
  nodes: z.array(treeNodeSchema).meta({
    description: "In the order of the tree: each before those below it, siblings by time.",
  }),
  more: moreStepsSchema
    .nullable()
    .meta({ description: "Roots, and what is below them, that are not named one by one." }),
  expired_before: z.iso.datetime().nullable().meta({
    description:
      "RFC 3339. Calls before it have expired, and what is shown begins within a day after it: it may have begun before. null: nothing of it is known to have expired.",
  }),
});

/** Answer of GET /api/sessions/{id}. */
export const sessionTreeSchema = treeSchema
  .extend({
    session: sessionSchema.meta({ description: "As GET /api/sessions lists it over all time." }),
  })
  .meta({ id: "SessionTree" });
export type SessionTreeAnswer = z.input<typeof sessionTreeSchema>;

/** Answer of GET /api/traces/{trace_id}. */
export const traceTreeSchema = treeSchema
  .extend({
    trace: sessionSchema.meta({
      description:
        "The sums of all events of the trace, of whatever session; `session` where all are of one.",
    }),
  })
  .meta({ id: "TraceTree" });
export type TraceTreeAnswer = z.input<typeof traceTreeSchema>;
