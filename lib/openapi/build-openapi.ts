import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { EVENTS_PATH } from "@/lib/openapi/events-path";
import { GUARD_PATHS } from "@/lib/openapi/guard-paths";
import { toOpenApi } from "@/lib/openapi/operation";
import { OTLP_PATHS } from "@/lib/openapi/otlp-paths";
import { OUTCOMES_PATH } from "@/lib/openapi/outcomes-path";
import { PEOPLE_OPERATIONS } from "@/lib/openapi/people-operations";
import { POLICY_PATH } from "@/lib/openapi/policy-path";
import { RESERVATIONS_PATHS } from "@/lib/openapi/reservations-paths";

/** The OpenAPI 3.1 document of every endpoint, made from the schemas that validate. */
export function buildOpenApi(): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {
    "/v1/events": EVENTS_PATH,
    ...OTLP_PATHS,
    "/v1/outcomes": OUTCOMES_PATH,
    "/v1/policy": POLICY_PATH,
    ...GUARD_PATHS,
    ...RESERVATIONS_PATHS,
  };
  for (const operation of PEOPLE_OPERATIONS) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: toOpenApi(operation),
    };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Outlay",
      version: "1",
      description:
        "What LLM agents spend. JSON in snake_case, times in RFC 3339, money as decimal strings in US dollars, errors as RFC 9457 problems.",
    },
    security: [{ bearer: [] }, { apiKey: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A key." },
        apiKey: { type: "apiKey", in: "header", name: "x-api-key", description: "A key." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "next-auth.session-token",
          description: "A signed-in person of the dashboard.",
        },
      },
    },
  });
}
