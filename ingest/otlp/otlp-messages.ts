// The OpenTelemetry project's own classes, made from its .proto files. 0.214.0 is the newest version of the package
// that still holds the decoder of requests: later ones only write them. So its version is pinned in package.json.
import generated from "@opentelemetry/otlp-transformer/build/src/generated/root.js";

/**
 * A decoded message, or an object of OTLP's JSON: fields are in lowerCamelCase. What is not set is null or undefined.
 * 64-bit integers of a decoded message are `Long`, bytes are `Uint8Array`.
 */
export type OtlpFields = Readonly<Record<string, unknown>>;

/** One generated class, of which we use this much. */
export interface OtlpMessage {
  /** @throws Error for bytes that are no such message; RangeError also for messages nested too deeply. */
  decode(bytes: Uint8Array): OtlpFields;
  encode(fields: OtlpFields): { finish(): Uint8Array };
}

export type OtlpSignal = "traces" | "logs" | "metrics";

interface SignalMessages {
  request: OtlpMessage;
  response: OtlpMessage;
}

interface Root {
  opentelemetry: {
    proto: {
      collector: {
        trace: {
          v1: {
            ExportTraceServiceRequest: OtlpMessage;
            ExportTraceServiceResponse: OtlpMessage;
          };
        };
        logs: {
          v1: {
            ExportLogsServiceRequest: OtlpMessage;
            ExportLogsServiceResponse: OtlpMessage;
          };
        };
        metrics: {
          v1: {
            ExportMetricsServiceRequest: OtlpMessage;
            ExportMetricsServiceResponse: OtlpMessage;
          };
        };
      };
    };
  };
}

// The package types its root as any tree of messages; this is the part of it that is used, and the tests hold it.
const { trace, logs, metrics } = (generated as unknown as Root).opentelemetry.proto.collector;

/** The messages of each signal's request and answer. */
export const OTLP_MESSAGES: Readonly<Record<OtlpSignal, SignalMessages>> = {
  traces: {
    request: trace.v1.ExportTraceServiceRequest,
    response: trace.v1.ExportTraceServiceResponse,
  },
  logs: { request: logs.v1.ExportLogsServiceRequest, response: logs.v1.ExportLogsServiceResponse },
  metrics: {
    request: metrics.v1.ExportMetricsServiceRequest,
    response: metrics.v1.ExportMetricsServiceResponse,
  },
};
