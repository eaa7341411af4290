import { acknowledgeAlert } from "@/lib/alerts/acknowledge-alert";
import { acknowledgeAlertSchema, alertParamsSchema, alertSchema } from "@/lib/alerts/alert-schemas";
import { findAlert } from "@/lib/alerts/find-alert";
import { apiRoute } from "@/lib/api-route";

export const POST = apiRoute(
  {
    permission: "alerts.handle",
    params: alertParamsSchema,
    body: acknowledgeAlertSchema,
    response: alertSchema,
  },
  async ({ params, body, ...context }) => {
    await acknowledgeAlert(context, params.id, body);
    return findAlert(context, params.id);
  },
);
