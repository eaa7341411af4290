/** One thing to set. `{origin}` stands for this server's address, `{key}` for an API key. */
export interface ClientStep {
  /** Where it goes: a shell, or a file. */
  where: string;
  text: string;
}

/** A program that tells of its calls in OpenTelemetry, and the exact lines that make it tell them to us. */
export interface Client {
  /** Also the name of its page, `docs/clients/<id>.md`. */
  id: string;
  title: string;
  kind: "coding agent" | "library";
  steps: readonly ClientStep[];
}

/** The three variables that are enough for whoever uses OpenTelemetry's own exporters. */
export const EXPORTER_VARIABLES: ClientStep = {
  where: "Shell",
  text: `export OTEL_EXPORTER_OTLP_ENDPOINT={origin}
export OTEL_EXPORTER_OTLP_HEADERS="x-api-key={key}"
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`,
};

/** The OpenTelemetry SDK of Node, sending to wherever the variables say. */
export const NODE_PROVIDER = `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();`;

/** A library that sends to wherever the variables say. */
export const library = (id: string, title: string, where: string, text: string): Client => ({
  id,
  title,
  kind: "library",
  steps: [EXPORTER_VARIABLES, { where, text }],
});
