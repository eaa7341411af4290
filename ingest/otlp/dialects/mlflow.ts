import type { Dialect } from "@/ingest/otlp/dialects/dialect";

const USAGE = "mlflow.chat.tokenUsage";

/** MLflow Tracing. Source: https://mlflow.org/docs/latest/genai/concepts/span/ */
export const mlflow: Dialect = {
  name: "mlflow",
  marks: { attributes: ["mlflow."] },
  kinds: [
    {
      at: "mlflow.spanType",
      is: {
        llm: "llm",
        chat_model: "llm",
        embedding: "llm",
        reranker: "llm",
        tool: "tool",
        agent: "agent",
        // What MLflow writes as JSON text has quotation marks around it.
        '"llm"': "llm",
        '"chat_model"': "llm",
        '"embedding"': "llm",
        '"reranker"': "llm",
        '"tool"': "tool",
        '"agent"': "agent",
        "*": "step",
      },
    },
  ],
  facts: {
    provider: ["mlflow.llm.provider"],
    model: ["mlflow.spanOutputs > model", "mlflow.llm.model"],
    requestedModel: ["mlflow.llm.model", "mlflow.spanInputs > model"],
    responseId: ["mlflow.spanOutputs > id"],
    user: ["mlflow.trace.user"],
    session: ["mlflow.trace.session"],
    costUsd: ["mlflow.llm.cost > total_cost"],
  },
  tokens: {
    input: [`${USAGE} > input_tokens`],
    output: [`${USAGE} > output_tokens`],
    total: [`${USAGE} > total_tokens`],
    cacheRead: [`${USAGE} > cache_read_input_tokens`],
    cacheWrite: [`${USAGE} > cache_creation_input_tokens`],
  },
  rawUsage: [
    { at: "mlflow.spanOutputs > usage", api: "openai.chat_completions", has: "prompt_tokens" },
    { at: "mlflow.spanOutputs > usage", api: "anthropic.messages", has: "cache_read_input_tokens" },
  ],
  inputWithoutCache: ["anthropic"],
  content: {
    messages: ["mlflow.spanInputs > messages", "mlflow.spanInputs"],
    tools: ["mlflow.chat.tools"],
    completion: ["mlflow.spanOutputs"],
  },
};
