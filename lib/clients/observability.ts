import { type Client, library } from "@/lib/clients/client";

/** SDKs of other observability products, pointed at us. */
export const OBSERVABILITY: readonly Client[] = [
  library(
    "openllmetry",
    "OpenLLMetry (Traceloop)",
    "instrumentation.mjs",
    `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import * as traceloop from "@traceloop/node-server-sdk";
import { OpenAI } from "openai";

traceloop.initialize({
  appName: "my-agent",
  exporter: new OTLPTraceExporter(),
  traceloopSyncEnabled: false,
  instrumentModules: { openAI: OpenAI },
});`,
  ),
  library(
    "langfuse",
    "Langfuse SDK 5",
    "instrumentation.mjs",
    `import { LangfuseSpanProcessor } from "@langfuse/otel";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const provider = new NodeTracerProvider({
  spanProcessors: [new LangfuseSpanProcessor({ exporter: new OTLPTraceExporter() })],
});
provider.register();`,
  ),
  library(
    "laminar",
    "Laminar",
    "instrumentation.mjs",
    `import { Laminar } from "@lmnr-ai/lmnr";
import { OpenAI } from "openai";

Laminar.initialize({ instrumentModules: { OpenAI } });`,
  ),
  library(
    "openlit",
    "OpenLIT",
    "instrumentation.cjs",
    `const { Openlit } = require("openlit");

Openlit.init({ applicationName: "my-agent" });
const { OpenAI } = require("openai");`,
  ),
  library(
    "logfire",
    "Logfire for JavaScript",
    "instrumentation.mjs",
    `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import * as logfire from "@pydantic/logfire-node";

const additionalSpanProcessors = [new BatchSpanProcessor(new OTLPTraceExporter())];
logfire.configure({ sendToLogfire: false, serviceName: "my-agent", additionalSpanProcessors });`,
  ),
  {
    id: "phoenix",
    title: "Phoenix (Arize)",
    kind: "library",
    steps: [
      {
        where: "instrumentation.mjs",
        text: `import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { register } from "@arizeai/phoenix-otel";
import OpenAI from "openai";

const tracerProvider = register({
  projectName: "my-agent",
  url: "{origin}/v1/traces",
  headers: { "x-api-key": "{key}" },
});
new OpenAIInstrumentation({ tracerProvider }).manuallyInstrument(OpenAI);`,
      },
    ],
  },
  {
    id: "braintrust",
    title: "Braintrust",
    kind: "library",
    steps: [
      {
        where: "Shell",
        text: `export BRAINTRUST_API_URL={origin}
export BRAINTRUST_API_KEY="{key}"
export BRAINTRUST_PARENT=project_name:my-agent`,
      },
      {
        where: "instrumentation.mjs",
        text: `import { BraintrustSpanProcessor } from "@braintrust/otel";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const provider = new NodeTracerProvider({ spanProcessors: [new BraintrustSpanProcessor()] });
provider.register();`,
      },
    ],
  },
  library(
    "elastic",
    "Elastic's OpenTelemetry for Node",
    "Shell",
    "node --require @elastic/opentelemetry-node agent.js",
  ),
];
