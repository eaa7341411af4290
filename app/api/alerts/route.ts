import { alertListSchema, alertsQuerySchema } from "@/lib/alerts/alert-schemas";
import { listAlerts } from "@/lib/alerts/list-alerts";
import { apiRoute } from "@/lib/api-route";

export const GET = apiRoute(
  { permission: "alerts.read", query: alertsQuerySchema, response: alertListSchema },
  ({ query, runtime, ...reader }) =>
    listAlerts({ ...reader, cursorSecret: runtime.secrets.nextauth }, query),
);
