import type { Operation } from "@/lib/openapi/operation";
import {
  sessionParamsSchema,
  sessionTreeSchema,
  traceParamsSchema,
  traceTreeSchema,
  treeQuerySchema,
} from "@/lib/traces/trace-schemas";

/** What an agent spent it on, step by step. */
export const TRACE_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/sessions/{id}",
    summary: "One session as a tree of steps, each cent on exactly one",
    description:
      "The id is a session's name, or else a trace without a session. Where several projects have one of this name, `project` says which.",
    permission: "calls.read",
    params: sessionParamsSchema,
    query: treeQuerySchema,
    response: sessionTreeSchema,
  },
  {
    method: "get",
    path: "/api/traces/{traceId}",
    summary: "One trace as a tree of steps, of whatever session they are",
    permission: "calls.read",
    params: traceParamsSchema,
    query: treeQuerySchema,
    response: traceTreeSchema,
  },
];
