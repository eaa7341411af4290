import type { Dialect } from "@/ingest/otlp/dialects/dialect";

const METRICS = "braintrust.metrics";

/**
 * Braintrust's SDKs: JSON text, or one attribute a number. `prompt_tokens` holds what was cached.
 * Source: https://www.braintrust.dev/docs/integrations/sdk-integrations/opentelemetry/attributes
 */
export const braintrust: Dialect = {
  name: "braintrust",
  marks: { attributes: ["braintrust."], scopes: ["braintrust"] },
  kinds: [
    {
      at: "braintrust.span_attributes > type",
      is: { llm: "llm", tool: "tool", task: "step", agent: "agent", "*": "step" },
    },
    {
      at: "braintrust.span_attributes.type",
      is: { llm: "llm", tool: "tool", task: "step", agent: "agent", "*": "step" },
    },
  ],
  facts: {
    provider: ["braintrust.metadata > provider", "braintrust.metadata.provider"],
    model: [
      "braintrust.output_json > model",
      "braintrust.metadata > model",
      "braintrust.metadata.model",
    ],
    requestedModel: ["braintrust.metadata > model", "braintrust.metadata.model"],
    responseId: ["braintrust.metadata > id", "braintrust.output_json > id"],
    user: [
      "braintrust.metadata > user_id",
      "braintrust.metadata > userId",
      "braintrust.metadata.user_id",
    ],
    session: [
      "braintrust.metadata > session_id",
      "braintrust.metadata > sessionId",
      "braintrust.metadata.session_id",
    ],
    agent: ["braintrust.metadata > agent", "braintrust.metadata.agent"],
    feature: ["braintrust.metadata > feature", "braintrust.metadata.feature"],
    timeToFirstTokenSeconds: [`${METRICS} > time_to_first_token`, `${METRICS}.time_to_first_token`],
  },
  tokens: {
    input: [`${METRICS} > prompt_tokens`, `${METRICS}.prompt_tokens`],
    output: [`${METRICS} > completion_tokens`, `${METRICS}.completion_tokens`],
    total: [`${METRICS} > tokens`, `${METRICS}.tokens`],
    cacheRead: [`${METRICS} > prompt_cached_tokens`, `${METRICS}.prompt_cached_tokens`],
    cacheWrite: [
      `${METRICS} > prompt_cache_creation_tokens`,
      `${METRICS}.prompt_cache_creation_tokens`,
    ],
    cacheWrite5m: [`${METRICS} > prompt_cache_creation_5m_tokens`],
    cacheWrite1h: [`${METRICS} > prompt_cache_creation_1h_tokens`],
    reasoning: [
      `${METRICS} > completion_reasoning_tokens`,
      `${METRICS} > reasoning_tokens`,
      `${METRICS}.completion_reasoning_tokens`,
    ],
  },
  metadata: ["braintrust.parent", "braintrust.tags"],
  content: {
    messages: ["braintrust.input_json", "braintrust.input"],
    completion: ["braintrust.output_json", "braintrust.output"],
  },
};
