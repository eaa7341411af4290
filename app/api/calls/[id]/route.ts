import { apiRoute } from "@/lib/api-route";
import { callParamsSchema, callQuerySchema, wholeCallSchema } from "@/lib/calls/call-schemas";
import { findCall } from "@/lib/calls/find-call";

export const GET = apiRoute(
  {
    permission: "calls.read",
    params: callParamsSchema,
    query: callQuerySchema,
    response: wholeCallSchema,
  },
  ({ runtime, projects, params, query }) =>
    findCall({ clickhouse: runtime.clickhouse, projects }, params.id, query.timestamp ?? null),
);
