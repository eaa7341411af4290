import type { Dialect } from "@/ingest/otlp/dialects/dialect";

const LLM = "lk.llm_metrics";
const REALTIME = "lk.realtime_model_metrics";

/**
 * LiveKit Agents: voice. The counts stand in JSON text on the request's span; the node around it repeats them.
 * Source: https://github.com/livekit/agents/blob/main/livekit-agents/livekit/agents/telemetry/trace_types.py
 */
export const livekit: Dialect = {
  name: "livekit",
  marks: { attributes: ["lk."], scopes: ["livekit-agents"] },
  kinds: [
    { name: /^(llm_request|realtime_metrics|tts_request|stt_request)$/, is: "llm" },
    { name: /^function_tool$/, is: "tool" },
    { name: /^(agent_session|agent_turn)$/, is: "agent" },
    { name: /./, is: "step" },
  ],
  facts: {
    provider: [`${LLM} > metadata.model_provider`, `${REALTIME} > metadata.model_provider`],
    requestedModel: [
      "gen_ai.request.model",
      `${LLM} > metadata.model_name`,
      `${REALTIME} > metadata.model_name`,
      "lk.tts_metrics > metadata.model_name",
    ],
    responseId: [`${LLM} > request_id`],
    toolName: ["lk.function_tool.name"],
    toolCallId: ["lk.function_tool.id"],
    agent: ["lk.agent_name", "lk.agent_label"],
    session: ["lk.job_id", "lk.room_name"],
    user: ["lk.participant_identity"],
    timeToFirstTokenSeconds: [`${LLM} > ttft`, `${REALTIME} > ttft`],
  },
  tokens: {
    input: [`${LLM} > prompt_tokens`, `${REALTIME} > input_tokens`],
    output: [`${LLM} > completion_tokens`, `${REALTIME} > output_tokens`],
    total: [`${LLM} > total_tokens`, `${REALTIME} > total_tokens`],
    cacheRead: [`${LLM} > prompt_cached_tokens`, `${REALTIME} > input_token_details.cached_tokens`],
    inputAudio: [`${REALTIME} > input_token_details.audio_tokens`],
    outputAudio: [`${REALTIME} > output_token_details.audio_tokens`],
    characters: ["lk.tts_metrics > characters_count"],
  },
  content: {
    system: ["lk.instructions"],
    messages: ["lk.chat_ctx", "lk.user_input"],
    completion: ["lk.response.text", "lk.function_tool.output"],
    tools: ["lk.function_tools", "lk.function_tool.arguments"],
  },
};
