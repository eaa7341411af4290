import { z } from "zod";
import type { ZodOpenApiPathItemObject } from "zod-openapi";
import { ingestAnswerSchema } from "@/lib/openapi/events-path";
import { problemSchema } from "@/lib/openapi/operation";
import { outcomeSchema } from "@/lib/outcomes/outcome-schemas";

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: problemSchema } },
});

/** POST /v1/outcomes: for machines, outside the people's API. */
export const OUTCOMES_PATH: ZodOpenApiPathItemObject = {
  post: {
    operationId: "postV1Outcomes",
    tags: ["outcomes"],
    summary: "Say how tasks ended",
    description:
      "Up to 10,000 outcomes or 20 MiB unpacked, gzip or not. The id is the identity within the project: a repeat changes nothing, other content under the same id is a conflict. Takes the scope `ingest`.",
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: z.union([
            z.object({ outcomes: z.array(outcomeSchema) }),
            z.array(outcomeSchema),
            outcomeSchema,
          ]),
        },
        "application/x-ndjson": { schema: outcomeSchema },
      },
    },
    responses: {
      "202": {
        description: "At least one outcome was accepted.",
        content: { "application/json": { schema: ingestAnswerSchema } },
      },
      "400": problem("The body as a whole cannot be read, or a parameter is not known."),
      "401": problem("No key, or one that is not known."),
      "403": problem("A key without the scope `ingest`."),
      "404": problem("`project` names no project."),
      "413": problem("Too many outcomes or bytes."),
      "415": problem("Another Content-Type or Content-Encoding."),
      "422": problem("No outcome was accepted."),
      "503": problem("PostgreSQL is out of reach, or it cannot take more now; see Retry-After."),
    },
  },
};
