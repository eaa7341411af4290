import { apiRoute } from "@/lib/api-route";
import { callsAnswerSchema, callsQuerySchema } from "@/lib/calls/call-schemas";
import { listCalls } from "@/lib/calls/list-calls";

export const GET = apiRoute(
  { permission: "calls.read", query: callsQuerySchema, response: callsAnswerSchema },
  ({ runtime, projects, query }) =>
    listCalls(
      {
        clickhouse: runtime.clickhouse,
        projects,
        cursorSecret: runtime.secrets.nextauth,
        nowMs: Date.now(),
      },
      query,
    ),
);
