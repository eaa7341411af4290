import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * LiteLLM's `otel` callback, of the SDK and the proxy. `raw_gen_ai_request` repeats what its parent says.
 * Source: https://docs.litellm.ai/docs/observability/opentelemetry_integration
 */
export const litellm: Dialect = {
  name: "litellm",
  marks: {
    scopes: ["litellm"],
    services: ["litellm"],
    attributes: ["metadata.user_api_key_hash", "gen_ai.cost.total_cost"],
  },
  kinds: [
    { name: /^raw_gen_ai_request$/, is: "step" },
    { name: /^litellm_request$/, is: "llm" },
    {
      at: "llm.request.type",
      is: {
        completion: "llm",
        acompletion: "llm",
        text_completion: "llm",
        atext_completion: "llm",
        responses: "llm",
        aresponses: "llm",
        anthropic_messages: "llm",
        embedding: "llm",
        aembedding: "llm",
        rerank: "llm",
        arerank: "llm",
        image_generation: "llm",
        aimage_generation: "llm",
        transcription: "llm",
        atranscription: "llm",
        speech: "llm",
        aspeech: "llm",
      },
    },
  ],
  facts: {
    user: [
      "metadata.user_api_key_end_user_id",
      "llm.user",
      "gen_ai.request.user",
      "metadata.user_api_key_user_id",
    ],
    session: ["metadata.session_id", "metadata.litellm_session_id"],
    feature: ["metadata.feature"],
    agent: ["metadata.agent"],
    costUsd: ["gen_ai.cost.total_cost", "hidden_params > response_cost"],
  },
  metadata: [
    "metadata.user_api_key_alias",
    "metadata.user_api_key_team_alias",
    "metadata.user_api_key_team_id",
    "metadata.requester_metadata",
  ],
};
