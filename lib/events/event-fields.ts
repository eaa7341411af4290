/**
 * The text fields of an event: the most characters (Unicode code points) each may have, and what it is.
 * One table, so that the check and the OpenAPI document cannot disagree.
 */
export const TEXT_FIELDS = {
  id: [128, "Idempotency key. With the timestamp the event's identity within its project."],
  provider: [256, "Who served the call, as the response or OpenTelemetry names it."],
  model: [256, "The model as the response names it. Required for type llm."],
  requested_model: [256, "The model that was asked for."],
  agent: [256, "Attribution tag: the agent."],
  task: [256, "Attribution tag: one run's id; task_type is its kind."],
  feature: [256, "Attribution tag: the feature."],
  user: [256, "Attribution tag: the user."],
  session: [256, "Attribution tag: the session."],
  task_type: [256, "Kind of task."],
  name: [256, "The step's or tool's name."],
  trace_id: [256, "The trace the event belongs to, hex or any text."],
  span_id: [256, "The event's own place in the trace."],
  parent_span_id: [256, "The span above it."],
  inference_geo: [256, "Region of inference, from the response; it changes prices."],
  provider_account: [256, "Which key or account was billed: a name, never the key."],
  reservation_id: [256, "The reservation this event settles."],
  prompt_hash: [256, "Finds repeated prompts without their text."],
  source: [256, "The producer of the running number `sequence`."],
} as const satisfies Record<string, readonly [maxLength: number, description: string]>;

export type TextField = keyof typeof TEXT_FIELDS;

/** Bounds that the contract names, and ours where it names none: each keeps one row small. */
export const EVENT_LIMITS = {
  metadataPairs: 32,
  metadataKeyLength: 128,
  metadataValueLength: 1024,
  unitNames: 32,
  unitNameLength: 64,
  prefixHashes: 256,
  prefixHashLength: 256,
  /** A provider's usage object has a few hundred characters. */
  rawUsageLength: 65_536,
  /** Deeper JSON than any provider's: bounds the recursion of whoever reads it. */
  depth: 64,
  /** `attempt` is a UInt32 in the store. */
  attempt: 4_294_967_295,
  /**
   * 10^16 dollars. The store adds up in `Decimal(38, 15)`, which has 23 digits before the point and wraps past
   * them without a word: a few hundred events near that bound would make a total negative.
   */
  reportedCostFemtoUsd: 10n ** 31n - 1n,
  /** `Decimal(18, 6)` in the store. */
  gpuSecondsMicro: 10n ** 18n - 1n,
  /** Earliest timestamp, 2020-01-01T00:00:00Z, and how far ahead of our clock one may be. */
  earliestUs: Date.UTC(2020, 0, 1) * 1000,
  aheadUs: 24 * 3600 * 1_000_000,
} as const;
