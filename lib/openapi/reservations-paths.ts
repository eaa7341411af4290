import { z } from "zod";
import type { ZodOpenApiPathItemObject, ZodOpenApiPathsObject } from "zod-openapi";
import { problemSchema } from "@/lib/openapi/operation";
import {
  renewSchema,
  reservationAnswerSchema,
  reservationSchema,
} from "@/lib/reservations/reservation-schema";

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: problemSchema } },
});

const faults = {
  "400": problem("The body cannot be read, or a parameter is not known."),
  "401": problem("No key, or one that is not known."),
  "403": problem("A key without the scope `guard`."),
  "503": problem("It cannot be served now; see Retry-After."),
};
const unprocessable = { "422": problem("Fields that are wrong, each named.") };
const notFound = { "404": problem("There is no such reservation.") };
const path = z.object({ id: z.string().meta({ description: "The `reservation_id`." }) });

const RESERVE: ZodOpenApiPathItemObject = {
  post: {
    operationId: "postV1Reservations",
    tags: ["guard"],
    summary: "Ask before a call",
    description:
      "Takes headroom on every budget that binds the call, or on none, and says what to do. A decision is data: it is always a 200, also while budgets are out of reach (`degraded`). The event with that `reservation_id` settles it. Takes the scope `guard`.",
    requestBody: {
      required: true,
      content: { "application/json": { schema: reservationSchema } },
    },
    responses: {
      "200": {
        description: "The decision.",
        content: { "application/json": { schema: reservationAnswerSchema } },
      },
      ...faults,
      "409": problem("The id stands for another reservation, or for one that has ended."),
      "415": problem("Another Content-Type or Content-Encoding."),
      ...unprocessable,
    },
  },
};

const RELEASE: ZodOpenApiPathItemObject = {
  delete: {
    operationId: "deleteV1Reservation",
    tags: ["guard"],
    summary: "Give a reservation back",
    description: "Of one that holds nothing any more it changes nothing, and says how it ended.",
    requestParams: { path },
    responses: {
      "200": {
        description: "How it ended.",
        content: {
          "application/json": {
            schema: z.object({
              reservation_id: z.string(),
              state: z.enum(["settled", "released", "expired"]),
            }),
          },
        },
      },
      ...faults,
      ...notFound,
    },
  },
};

const RENEW: ZodOpenApiPathItemObject = {
  post: {
    operationId: "postV1ReservationRenew",
    tags: ["guard"],
    summary: "Hold a reservation for longer",
    description: "For calls that take longer than was thought. Never makes it shorter.",
    requestParams: { path },
    requestBody: { content: { "application/json": { schema: renewSchema } } },
    responses: {
      "200": {
        description: "When it ends now.",
        content: {
          "application/json": {
            schema: z.object({ reservation_id: z.string(), expires_at: z.string() }),
          },
        },
      },
      ...faults,
      ...notFound,
      "409": problem("It holds nothing any more."),
      ...unprocessable,
    },
  },
};

/** What agents ask before they call: for machines, outside the people's API. */
export const RESERVATIONS_PATHS: ZodOpenApiPathsObject = {
  "/v1/reservations": RESERVE,
  "/v1/reservations/{id}": RELEASE,
  "/v1/reservations/{id}/renew": RENEW,
};
