// The OpenAI SDK, watched by OpenTelemetry's own instrumentation, exported as protobuf.
import { createRequire } from "node:module";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { askOpenAi } from "./ask-openai.mjs";

const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] });

// What is to be watched is loaded after what watches it.
await askOpenAi(createRequire(import.meta.url)("openai"));
await provider.shutdown();
