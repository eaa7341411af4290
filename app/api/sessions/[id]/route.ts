import { apiRoute } from "@/lib/api-route";
import { findTree } from "@/lib/traces/find-tree";
import {
  sessionParamsSchema,
  sessionTreeSchema,
  treeQuerySchema,
} from "@/lib/traces/trace-schemas";

export const GET = apiRoute(
  {
    permission: "calls.read",
    params: sessionParamsSchema,
    query: treeQuerySchema,
    response: sessionTreeSchema,
  },
  async ({ runtime, db, projects, params, query }) => {
    const freshness = await runtime.freshness();
    const context = { clickhouse: runtime.clickhouse, db, projects, freshness, nowMs: Date.now() };
    const { id } = params;
    const subjects = [
      { kind: "session" as const, id },
      { kind: "sessionless_trace" as const, id },
    ];
    return findTree(context, subjects, query);
  },
);
