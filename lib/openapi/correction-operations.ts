import { callParamsSchema, callQuerySchema, wholeCallSchema } from "@/lib/calls/call-schemas";
import {
  callCorrectionSchema,
  correctionParamsSchema,
  correctionSchema,
  erasureSchema,
  repriceListSchema,
  repriceSchema,
} from "@/lib/corrections/correction-schemas";
import type { Operation } from "@/lib/openapi/operation";

/** What corrects calls. */
export const CORRECTION_OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/api/calls/{id}/void",
    summary: "Take a call out of every sum",
    description: "It stays in sight, with the reason; `restore` puts it back.",
    permission: "calls.void",
    params: callParamsSchema,
    query: callQuerySchema,
    body: callCorrectionSchema,
    response: wholeCallSchema,
  },
  {
    method: "post",
    path: "/api/calls/{id}/restore",
    summary: "Put a voided call back into every sum",
    permission: "calls.void",
    params: callParamsSchema,
    query: callQuerySchema,
    body: callCorrectionSchema,
    response: wholeCallSchema,
  },
  {
    method: "get",
    path: "/api/reprices",
    summary: "The last hundred reprices, newest first",
    permission: "calls.reprice",
    response: repriceListSchema,
  },
  {
    method: "post",
    path: "/api/reprices",
    summary: "Price calls again by today's book",
    description:
      "Each at its own time. `dry_run` changes nothing and says the difference. Answered when it is done, or after two seconds; then ask for it by its id.",
    permission: "calls.reprice",
    body: repriceSchema,
    response: correctionSchema,
    status: 202,
  },
  {
    method: "get",
    path: "/api/reprices/{id}",
    summary: "How far a reprice is, and what it changed",
    permission: "calls.reprice",
    params: correctionParamsSchema,
    response: correctionSchema,
  },
  {
    method: "delete",
    path: "/api/reprices/{id}",
    summary: "Stop a reprice; what was done stays",
    permission: "calls.reprice",
    params: correctionParamsSchema,
    response: correctionSchema,
  },
  {
    method: "post",
    path: "/api/erasures",
    summary: "Erase a user or a session from all calls of a project",
    description: "Dollars and counts stay. It cannot be undone; try `dry_run` first.",
    permission: "calls.erase",
    body: erasureSchema,
    response: correctionSchema,
    status: 202,
  },
  {
    method: "get",
    path: "/api/erasures/{id}",
    summary: "How far an erasure is",
    permission: "calls.erase",
    params: correctionParamsSchema,
    response: correctionSchema,
  },
];
