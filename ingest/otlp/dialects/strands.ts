import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Strands Agents, in Python and TypeScript, also on Bedrock AgentCore. Its input leaves out what
 * is cached where Anthropic's does; of Bedrock's the total it prints says whether. Its time to first token is in milliseconds, unlike everybody else's under that name.
 * Source: https://github.com/strands-agents/sdk-python/blob/main/src/strands/telemetry/tracer.py
 */
export const strands: Dialect = {
  name: "strands",
  marks: { scopes: ["strands", "opentelemetry.instrumentation.strands"] },
  kinds: [
    { name: /^execute_event_loop_cycle/, is: "step" },
    { name: /^(chat|Model invoke)\b/, is: "llm" },
    { name: /^(execute_tool|Tool: )/, is: "tool" },
    { name: /^invoke_/, is: "agent" },
  ],
  facts: {
    timeToFirstTokenMs: ["gen_ai.server.time_to_first_token"],
    agent: ["gen_ai.agent.name", "agent.name"],
  },
  tokens: {
    input: ["gen_ai.usage.input_tokens"],
    output: ["gen_ai.usage.output_tokens"],
    total: ["gen_ai.usage.total_tokens"],
  },
  inputWithoutCache: ["anthropic"],
};
