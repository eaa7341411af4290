import { alertParamsSchema, alertSchema, resendAlertSchema } from "@/lib/alerts/alert-schemas";
import { findAlert } from "@/lib/alerts/find-alert";
import { resendAlert } from "@/lib/alerts/resend-alert";
import { apiRoute } from "@/lib/api-route";

export const POST = apiRoute(
  {
    permission: "alerts.handle",
    params: alertParamsSchema,
    body: resendAlertSchema,
    response: alertSchema,
  },
  async ({ params, body, runtime, ...context }) => {
    await resendAlert(context, params.id, body);
    runtime.alerts.wake();
    return findAlert(context, params.id);
  },
);
