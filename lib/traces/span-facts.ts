import type { Usage } from "@/lib/usage/usage";

/**
 * What a span is: `llm` a call of a model, `tool` a tool's execution, `agent` an agent's run, `step` another part of an
 * agent's work (a chain, a retrieval, a turn), `other` whatever else was traced (HTTP, a queue): it is kept for the way
 * up to its ancestors, and never shown as a step.
 */
export type SpanKind = "llm" | "agent" | "tool" | "step" | "other";

/** The attribution tags a span names itself; null: not named. */
export interface SpanTags {
  agent: string | null;
  task: string | null;
  taskType: string | null;
  feature: string | null;
  user: string | null;
  session: string | null;
}

/** Why it failed, in the contract's words. */
export type SpanErrorType =
  | "rate_limit"
  | "validation"
  | "authentication"
  | "timeout"
  | "cancelled"
  | "unknown";

/**
 * What one span, or one log record that reports a call, says about itself, in our words: read by the dialects
 * (`ingest/otlp/dialects/`), kept as JSON in `trace_spans.facts`, never changed. Nothing of other spans is in it.
 */
export interface SpanFacts {
  signal: "span" | "log" | "event";
  /** 32 hex digits; "" for a log record that was written outside of any trace. */
  traceId: string;
  /** 16 hex digits of a span; of a log record `log:` and 32 hex digits of its content's hash. */
  spanId: string;
  /** The span above; "" for a root. Of a log record the span it was written in. */
  parentSpanId: string;
  /** Who says it: `span:<scope>` or `log:<scope>:<event name>`. One source never tells the same call twice. */
  source: string;
  /** Whose process: `service.name`, and `service.instance.id` where it is sent. Twins are of one service. */
  service: string;
  /** The dialect that knew the client best. */
  dialect: string;
  name: string;
  kind: SpanKind;
  /** Microseconds since 1970. */
  startUs: number;
  /** Microseconds since 1970; null where only one instant is known and no duration. */
  endUs: number | null;
  status: "ok" | "error";
  errorType: SpanErrorType | null;
  provider: string | null;
  /** As the response names it; else as it was asked for. */
  model: string | null;
  requestedModel: string | null;
  /** The provider's id of the response (`chatcmpl-…`, `msg_…`): the same call wherever it is told. Of a tool its call's id (`call_…`, `toolu_…`). */
  responseId: string | null;
  /** Normalised: all input with what was cached, all output with what was reasoned. null: it reports none. */
  usage: Usage | null;
  usageSource: "reported" | "estimated";
  /** Input and output as they were printed, before normalising: two reports of one call print the same. */
  printedTokens: { input: number | null; output: number | null } | null;
  reportedCostUsd: string | null;
  serviceTier: string | null;
  inferenceGeo: string | null;
  attempt: number | null;
  timeToFirstTokenMs: number | null;
  tags: SpanTags;
  /** Free tags, at most 32. */
  metadata: Record<string, string>;
  reservationId: string | null;
  /** Counts and costs that were sent and are none (negative, NaN, past 2^53, words), by their place: they were dropped. */
  faults: string[];
  /** Hash of the prompt's text, where content was sent: tells a retry from a new question. */
  promptHash: string | null;
}
