import { z } from "zod";
import type { ZodOpenApiPathItemObject, ZodOpenApiPathsObject } from "zod-openapi";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

const requestSchema = z.looseObject({}).meta({
  description: "The signal's export request, as opentelemetry-proto has it.",
});

const status = (description: string) => {
  const schema = z.object({ code: z.int(), message: z.string() }).meta({
    description: "A google.rpc.Status, in the request's encoding.",
  });
  return { description, content: { [PROTOBUF]: { schema }, [JSON_TYPE]: { schema } } };
};

interface Signal {
  name: "Traces" | "Logs" | "Metrics";
  rejected: "rejectedSpans" | "rejectedLogRecords" | "rejectedDataPoints";
  description: string;
}

function toPath({ name, rejected, description }: Signal): ZodOpenApiPathItemObject {
  const answerSchema = z.object({
    partialSuccess: z
      .object({
        [rejected]: z.string().meta({ description: "How many do not count." }),
        errorMessage: z.string().meta({ description: "Why, and how often." }),
      })
      .optional()
      .meta({ description: "Left out where everything was taken." }),
  });
  return {
    post: {
      operationId: `postV1${name}`,
      tags: ["opentelemetry"],
      summary: `Send OpenTelemetry ${name.toLowerCase()}`,
      description: `OTLP/HTTP, protobuf or JSON, gzip or not. ${description} At most 20 MiB unpacked. Takes the scope \`ingest\`.`,
      requestBody: {
        required: true,
        content: { [PROTOBUF]: { schema: requestSchema }, [JSON_TYPE]: { schema: requestSchema } },
      },
      responses: {
        "200": {
          description: "It was decoded; what is not rejected is kept. In the request's encoding.",
          content: { [PROTOBUF]: { schema: answerSchema }, [JSON_TYPE]: { schema: answerSchema } },
        },
        "400": status("The body cannot be decoded, or a parameter is not known."),
        "401": status("No key, or one that is not known."),
        "403": status("A key without the scope `ingest`."),
        "404": status("`project` names no project."),
        "413": status("Too many records or bytes."),
        "415": status("Another Content-Type or Content-Encoding; gRPC is not spoken."),
        "503": status("It cannot take more now; see Retry-After."),
      },
    },
  };
}

/** POST /v1/traces, /v1/logs and /v1/metrics: for OpenTelemetry's exporters, outside the people's API. */
export const OTLP_PATHS: ZodOpenApiPathsObject = {
  "/v1/traces": toPath({
    name: "Traces",
    rejected: "rejectedSpans",
    description:
      "Up to 10,000 spans. Whatever mixture of spans a client sends, a call of a model is counted once.",
  }),
  "/v1/logs": toPath({
    name: "Logs",
    rejected: "rejectedLogRecords",
    description:
      "Up to 10,000 records. Those of clients that report calls as log events are counted; others are not kept.",
  }),
  "/v1/metrics": toPath({
    name: "Metrics",
    rejected: "rejectedDataPoints",
    description: "Accepted and not kept: metrics repeat what spans or logs say.",
  }),
};
