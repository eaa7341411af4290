import { apiRoute } from "@/lib/api-route";
import { listSessions } from "@/lib/sessions/list-sessions";
import { sessionsAnswerSchema, sessionsQuerySchema } from "@/lib/sessions/session-schemas";

export const GET = apiRoute(
  { permission: "calls.read", query: sessionsQuerySchema, response: sessionsAnswerSchema },
  async ({ runtime, db, projects, query }) =>
    listSessions(
      {
        clickhouse: runtime.clickhouse,
        db,
        projects,
        freshness: await runtime.freshness(),
        cursorSecret: runtime.secrets.nextauth,
        nowMs: Date.now(),
      },
      query,
    ),
);
