import type { Dialect } from "@/ingest/otlp/dialects/dialect";

const AGENT_RUN = "agent";

/** Version 4 tells what is part of a count only here, each provider's package below a name of its own. */
const metadata = (name: string, ...members: string[]) =>
  members.map((member) => `ai.response.providerMetadata > ${name}.${member}`);

/** Providers whose packages are OpenAI's with another name. */
const LIKE_OPENAI = ["openai", "azure", "deepseek", "xai", "fireworks", "togetherai", "groq"];

/**
 * The AI SDK's own names (versions 3 to 6, and 7 with its legacy option), also inside other clients. Outer spans hold
 * the last step or the sum of all. Up to version 5 it passes on what Anthropic's and Bedrock's APIs print, where input
 * leaves out what is cached; from version 6 on all input is told, and `noCacheTokens` beside it.
 * Source: https://ai-sdk.dev/docs/ai-sdk-core/telemetry#span-details
 */
export const vercelAi: Dialect = {
  name: "vercel-ai",
  marks: {
    attributes: [
      "ai.operationId",
      "ai.model.",
      "ai.usage.",
      "ai.settings.",
      "ai.telemetry.",
      "ai.toolCall.",
    ],
  },
  kinds: [
    {
      at: "ai.operationId",
      is: {
        "ai.generatetext.dogenerate": "llm",
        "ai.streamtext.dostream": "llm",
        "ai.generateobject.dogenerate": "llm",
        "ai.streamobject.dostream": "llm",
        "ai.embed.doembed": "llm",
        "ai.embedmany.doembed": "llm",
        "ai.rerank.dorerank": "llm",
        "ai.generateimage.dogenerate": "llm",
        "ai.toolcall": "tool",
        "ai.generatetext": AGENT_RUN,
        "ai.streamtext": AGENT_RUN,
        "ai.generateobject": AGENT_RUN,
        "ai.streamobject": AGENT_RUN,
        "*": "step",
      },
    },
  ],
  facts: {
    provider: ["ai.model.provider"],
    model: ["ai.response.model"],
    requestedModel: ["ai.model.id"],
    responseId: ["gen_ai.response.id", "ai.response.id"],
    toolName: ["ai.toolCall.name"],
    toolCallId: ["ai.toolCall.id"],
    agent: [
      "ai.telemetry.metadata.agent",
      "ai.telemetry.metadata.agentName",
      "ai.settings.context.agent",
      "ai.settings.context.agentName",
      "gen_ai.agent.name",
      "ai.telemetry.functionId",
    ],
    user: [
      "ai.telemetry.metadata.userId",
      "ai.telemetry.metadata.user_id",
      "ai.telemetry.metadata.user.id",
      "ai.settings.context.userId",
      "ai.settings.context.user_id",
    ],
    session: [
      "ai.telemetry.metadata.sessionId",
      "ai.telemetry.metadata.session_id",
      "ai.telemetry.metadata.session.id",
      "ai.telemetry.metadata.threadId",
      "ai.telemetry.metadata.conversationId",
      "ai.settings.context.sessionId",
      "ai.settings.context.session_id",
      "ai.settings.context.threadId",
    ],
    feature: ["ai.telemetry.metadata.feature", "ai.settings.context.feature"],
    task: [
      "ai.telemetry.metadata.task",
      "ai.telemetry.metadata.taskId",
      "ai.settings.context.task",
    ],
    taskType: ["ai.telemetry.metadata.taskType", "ai.settings.context.taskType"],
    serviceTier: ["ai.response.providerMetadata > openai.serviceTier"],
    costUsd: [...metadata("openrouter", "usage.cost"), ...metadata("gateway", "cost")],
    timeToFirstTokenMs: ["ai.response.msToFirstChunk", "event:ai.response.msToFirstChunk"],
  },
  tokens: {
    input: ["ai.usage.inputTokens", "ai.usage.promptTokens"],
    output: ["ai.usage.outputTokens", "ai.usage.completionTokens"],
    total: ["ai.usage.totalTokens", "ai.usage.tokens"],
    uncached: ["ai.usage.inputTokenDetails.noCacheTokens"],
    cacheRead: [
      "ai.usage.inputTokenDetails.cacheReadTokens",
      "ai.usage.cachedInputTokens",
      ...LIKE_OPENAI.flatMap((name) => metadata(name, "cachedPromptTokens")),
      ...metadata("anthropic", "cacheReadInputTokens"),
      ...metadata("bedrock", "usage.cacheReadInputTokens"),
      ...metadata("deepseek", "promptCacheHitTokens"),
      ...metadata("openrouter", "usage.promptTokensDetails.cachedTokens"),
    ],
    cacheWrite: [
      "ai.usage.inputTokenDetails.cacheWriteTokens",
      ...metadata("anthropic", "cacheCreationInputTokens"),
      ...metadata("bedrock", "usage.cacheWriteInputTokens"),
    ],
    reasoning: [
      "ai.usage.outputTokenDetails.reasoningTokens",
      "ai.usage.reasoningTokens",
      ...LIKE_OPENAI.flatMap((name) => metadata(name, "reasoningTokens")),
      ...metadata("openrouter", "usage.completionTokensDetails.reasoningTokens"),
    ],
  },
  inputWithoutCache: ["anthropic", "aws"],
  // Phoenix's processor gives the status of one failed attempt to all spans of its trace.
  failedWhere: { "ai.response.finishReason": /^error$/ },
  answeredWhere: { "ai.response.finishReason": /^(stop|length|tool-calls|content-filter)$/ },
  rawUsage: [
    { at: "ai.response.providerMetadata > anthropic.usage", api: "anthropic.messages" },
    { at: "ai.response.providerMetadata > google.usageMetadata", api: "google.generateContent" },
    { at: "ai.response.providerMetadata > vertex.usageMetadata", api: "google.generateContent" },
  ],
  metadata: ["ai.telemetry.metadata.*", "ai.settings.context.*", "ai.telemetry.functionId"],
  content: {
    system: ["ai.prompt > system"],
    messages: [
      "ai.prompt.messages",
      "ai.prompt > messages",
      "ai.prompt",
      "ai.values",
      "ai.toolCall.args",
    ],
    tools: ["ai.prompt.tools"],
    completion: [
      "ai.response.text",
      "ai.response.object",
      "ai.response.toolCalls",
      "ai.toolCall.result",
    ],
  },
};
