import { alertParamsSchema, alertSchema } from "@/lib/alerts/alert-schemas";
import { findAlert } from "@/lib/alerts/find-alert";
import { apiRoute } from "@/lib/api-route";

export const GET = apiRoute(
  { permission: "alerts.read", params: alertParamsSchema, response: alertSchema },
  ({ params, ...context }) => findAlert(context, params.id),
);
