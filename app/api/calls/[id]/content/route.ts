import { apiRoute } from "@/lib/api-route";
import { callParamsSchema, callQuerySchema } from "@/lib/calls/call-schemas";
import { callContentSchema } from "@/lib/contents/content-schemas";
import { findContent } from "@/lib/contents/find-content";

export const GET = apiRoute(
  {
    permission: "content.read",
    params: callParamsSchema,
    query: callQuerySchema,
    response: callContentSchema,
  },
  ({ runtime, params, query, ...context }) =>
    findContent({ ...context, clickhouse: runtime.clickhouse }, params.id, query.timestamp ?? null),
);
