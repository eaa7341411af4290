import { apiRoute } from "@/lib/api-route";
import { findTree } from "@/lib/traces/find-tree";
import { traceParamsSchema, traceTreeSchema, treeQuerySchema } from "@/lib/traces/trace-schemas";

export const GET = apiRoute(
  {
    permission: "calls.read",
    params: traceParamsSchema,
    query: treeQuerySchema,
    response: traceTreeSchema,
  },
  async ({ runtime, db, projects, params, query }) => {
    const freshness = await runtime.freshness();
    const context = { clickhouse: runtime.clickhouse, db, projects, freshness, nowMs: Date.now() };
    const subjects = [{ kind: "trace" as const, id: params.traceId }];
    const { session: trace, ...tree } = await findTree(context, subjects, query);
    return { trace, ...tree };
  },
);
