import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { heartbeatSchema } from "@/lib/instances/instance-schemas";
import { problemSchema } from "@/lib/openapi/operation";
import { policyQuerySchema } from "@/lib/policy/policy-schemas";
import { pricesQuerySchema, tellPricesSchema } from "@/lib/prices/tell-prices";

const projectParameter = {
  project: z.string().optional().meta({
    description: "A project's slug; only an installation key may name another than its own.",
  }),
};

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: problemSchema } },
});

const REFUSED = {
  "400": problem("A parameter or the body cannot be read."),
  "401": problem("No key, or one that is not known."),
  "403": problem("A key without the scope `guard`, or of another project."),
};

/** What agents follow and say of themselves: for machines, outside the people's API. */
export const GUARD_PATHS: ZodOpenApiPathsObject = {
  "/v1/policy/stream": {
    get: {
      operationId: "getV1PolicyStream",
      tags: ["guard"],
      summary: "Follow the policy",
      description:
        "Server-sent events: `policy` with the answer of GET /v1/policy as its data and the version as its id, at once and after each change of the version; `bye` before the server ends; a comment every 15 seconds. Who misses one is told everything by the next.",
      requestParams: { query: policyQuerySchema.extend(projectParameter) },
      responses: {
        "200": {
          description: "Events, until either side ends it.",
          content: { "text/event-stream": { schema: z.string() } },
        },
        ...REFUSED,
        "503": problem("Too many streams, or no policy is known; see Retry-After."),
      },
    },
  },
  "/v1/agents/heartbeat": {
    post: {
      operationId: "postV1AgentsHeartbeat",
      tags: ["guard"],
      summary: "Say who runs, and which policy it obeys",
      description: "Every five seconds, and at once when the state or the version changes.",
      requestParams: { query: z.object(projectParameter) },
      requestBody: { content: { "application/json": { schema: heartbeatSchema } } },
      responses: {
        "200": {
          description: "The version that this process of the server knows.",
          content: {
            "application/json": { schema: z.object({ policy_version: z.int().nullable() }) },
          },
        },
        ...REFUSED,
        "422": problem("The heartbeat has a fault."),
        "503": problem("PostgreSQL is out of reach; see Retry-After."),
      },
    },
  },
  "/v1/prices": {
    get: {
      operationId: "getV1Prices",
      tags: ["guard"],
      summary: "The most that calls of a model cost now",
      description: "For limits in dollars that an agent keeps by itself.",
      requestParams: { query: pricesQuerySchema.extend(projectParameter) },
      responses: {
        "200": {
          description: "By class.",
          content: { "application/json": { schema: tellPricesSchema } },
        },
        ...REFUSED,
      },
    },
  },
};
