import { z } from "zod";
import type { ZodOpenApiPathItemObject } from "zod-openapi";
import { eventSchema } from "@/lib/events/event-schema";
import { problemSchema } from "@/lib/openapi/operation";

const faults = z.array(
  z.object({
    index: z.int().meta({ description: "Where it stood in the request." }),
    id: z.string().nullable(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
  }),
);

/** What became of each thing of a request. */
export const ingestAnswerSchema = z.object({
  accepted: z.int(),
  rejected: faults,
  conflicts: faults.meta({
    description: "An identity that is there with other content: the first stays.",
  }),
});

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: problemSchema } },
});

/** POST /v1/events: for machines, outside the people's API. */
export const EVENTS_PATH: ZodOpenApiPathItemObject = {
  post: {
    operationId: "postV1Events",
    tags: ["events"],
    summary: "Send what agents did",
    description:
      "Up to 10,000 events or 20 MiB unpacked, gzip or not. A 202 is a promise: every accepted event survives and is counted once. Takes the scope `ingest`.",
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: z.union([
            z.object({ events: z.array(eventSchema) }),
            z.array(eventSchema),
            eventSchema,
          ]),
        },
        "application/x-ndjson": { schema: eventSchema },
      },
    },
    responses: {
      "202": {
        description: "At least one event was accepted.",
        content: { "application/json": { schema: ingestAnswerSchema } },
      },
      "400": problem("The body as a whole cannot be read, or a parameter is not known."),
      "401": problem("No key, or one that is not known."),
      "403": problem("A key without the scope `ingest`."),
      "404": problem("`project` names no project."),
      "413": problem("Too many events or bytes."),
      "415": problem("Another Content-Type or Content-Encoding."),
      "422": problem("No event was accepted."),
      "429": problem("Too many requests; see Retry-After."),
      "503": problem("It cannot take more now; see Retry-After."),
    },
  },
};
