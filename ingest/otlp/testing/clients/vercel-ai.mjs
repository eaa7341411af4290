// The AI SDK with its own OpenTelemetry integration, exported as protobuf, packed.
import { createOpenAI } from "@ai-sdk/openai";
import { OpenTelemetry } from "@ai-sdk/otel";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { generateText, isStepCount, jsonSchema, registerTelemetry, streamText, tool } from "ai";

const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ compression: "gzip" }))],
});
provider.register();
registerTelemetry(new OpenTelemetry());

const openai = createOpenAI({ apiKey: "none", baseURL: process.argv[2] });
const model = openai.chat("gpt-4o-mini");
const telemetry = { isEnabled: true, functionId: "weather-agent" };

await generateText({ model, telemetry, prompt: "How is the weather?" });
await generateText({ model, telemetry, prompt: "And again, after a 429?" });

const stream = streamText({ model, telemetry, prompt: "Word by word?" });
await stream.consumeStream();

const weather = tool({
  description: "How the weather is",
  inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } } }),
  execute: async () => "sunny",
});
await generateText({
  model,
  telemetry,
  tools: { weather },
  stopWhen: isStepCount(5),
  prompt: "In Oslo?",
});
await provider.shutdown();
