import { type Client, library, NODE_PROVIDER } from "@/lib/clients/client";

const PROCESSORS = `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

const spanProcessors = [new BatchSpanProcessor(new OTLPTraceExporter())];`;

/** SDKs, frameworks and instrumentations whose exports were read. */
export const LIBRARIES: readonly Client[] = [
  library(
    "otel-openai",
    "OpenAI SDK (OpenTelemetry)",
    "instrumentation.mjs",
    `import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";
${NODE_PROVIDER}
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] });`,
  ),
  library(
    "openinference",
    "OpenAI, Anthropic, LangChain SDKs (OpenInference)",
    "instrumentation.mjs",
    `import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
${NODE_PROVIDER}
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] });`,
  ),
  library(
    "vercel-ai-7",
    "AI SDK 7 (Vercel)",
    "instrumentation.mjs",
    `import { OpenTelemetry } from "@ai-sdk/otel";
import { registerTelemetry } from "ai";
${NODE_PROVIDER}
registerTelemetry(new OpenTelemetry());`,
  ),
  library(
    "vercel-ai-5",
    "AI SDK 4, 5 and 6 (Vercel)",
    "agent.mjs",
    `${NODE_PROVIDER}

const result = await generateText({
  model: openai("gpt-4o-mini"),
  prompt: "How is the weather?",
  experimental_telemetry: {
    isEnabled: true,
    functionId: "weather-agent",
    metadata: { userId: "ada", sessionId: "chat-1" },
  },
});`,
  ),
  library(
    "langgraph",
    "LangGraph and LangChain (OpenInference)",
    "instrumentation.mjs",
    `import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import * as callbackManager from "@langchain/core/callbacks/manager";
${NODE_PROVIDER}
new LangChainInstrumentation().manuallyInstrument(callbackManager);`,
  ),
  library(
    "langsmith",
    "LangSmith SDK",
    "instrumentation.mjs",
    `import { initializeOTEL } from "langsmith/experimental/otel/setup";

// With LANGSMITH_TRACING=true in the environment.
initializeOTEL();`,
  ),
  library(
    "langwatch",
    "LangWatch SDK",
    "instrumentation.mjs",
    `import { setupObservability } from "langwatch/observability/node";
${PROCESSORS}
setupObservability({ langwatch: "disabled", serviceName: "my-agent", spanProcessors });`,
  ),
  library(
    "openai-agents",
    "OpenAI Agents SDK (OpenLIT)",
    "instrumentation.mjs",
    `import { Openlit } from "openlit";

Openlit.init({ applicationName: "my-agent" });`,
  ),
  library(
    "adk",
    "Google ADK",
    "instrumentation.mjs",
    `import { maybeSetOtelProviders } from "@google/adk";

maybeSetOtelProviders();`,
  ),
  library(
    "sentry10",
    "Sentry SDK 10",
    "instrument.mjs",
    `import * as Sentry from "@sentry/node";
${PROCESSORS}
Sentry.init({
  dsn: "<your DSN>",
  tracesSampleRate: 1,
  openTelemetrySpanProcessors: spanProcessors,
});`,
  ),
  library(
    "genkit",
    "Genkit",
    "agent.mjs",
    `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { enableTelemetry } from "genkit/tracing";

const spanProcessors = [new BatchSpanProcessor(new OTLPTraceExporter())];
await enableTelemetry({ spanProcessors });`,
  ),
  library(
    "strands",
    "Strands Agents (TypeScript)",
    "agent.mjs",
    `import { Agent } from "@strands-agents/sdk";
${NODE_PROVIDER}
const traceAttributes = { "session.id": "s-1", "user.id": "u-1" };
const agent = new Agent({ name: "helper", model, traceAttributes });`,
  ),
  library(
    "mastra",
    "Mastra",
    "mastra.mjs",
    `import { Mastra } from "@mastra/core/mastra";
import { Observability } from "@mastra/observability";
import { OtelExporter } from "@mastra/otel-exporter";

const endpoint = "{origin}/v1/traces";
const custom = { endpoint, protocol: "http/protobuf", headers: { "x-api-key": "{key}" } };
const exporters = [new OtelExporter({ provider: { custom } })];
const configs = { outlay: { serviceName: "my-agent", exporters } };
const mastra = new Mastra({ agents, observability: new Observability({ configs }) });`,
  ),
  library(
    "tanstack",
    "TanStack AI",
    "agent.mjs",
    `import { trace } from "@opentelemetry/api";
import { otelMiddleware } from "@tanstack/ai/middlewares/otel";
${NODE_PROVIDER}
const otel = otelMiddleware({ tracer: trace.getTracer("my-agent") });
const stream = chat({ adapter, messages, middleware: [otel] });`,
  ),
  library(
    "voltagent",
    "VoltAgent",
    "agent.mjs",
    `import { VoltAgent, VoltAgentObservability } from "@voltagent/core";
${PROCESSORS}
new VoltAgent({ agents, observability: new VoltAgentObservability({ spanProcessors }) });`,
  ),
];
