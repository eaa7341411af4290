import { alertParamsSchema, alertSchema, snoozeAlertSchema } from "@/lib/alerts/alert-schemas";
import { findAlert } from "@/lib/alerts/find-alert";
import { snoozeAlert } from "@/lib/alerts/snooze-alert";
import { apiRoute } from "@/lib/api-route";

export const POST = apiRoute(
  {
    permission: "alerts.handle",
    params: alertParamsSchema,
    body: snoozeAlertSchema,
    response: alertSchema,
  },
  async ({ params, body, ...context }) => {
    await snoozeAlert(context, params.id, body);
    return findAlert(context, params.id);
  },
);
