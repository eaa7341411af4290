import { apiRoute } from "@/lib/api-route";
import { deleteView } from "@/lib/views/delete-view";
import { updateView } from "@/lib/views/update-view";
import { updateViewSchema, viewParamsSchema, viewSchema } from "@/lib/views/view-schemas";

export const PATCH = apiRoute(
  {
    permission: "views.save",
    params: viewParamsSchema,
    body: updateViewSchema,
    response: viewSchema,
  },
  ({ params, body, ...context }) => updateView(context, params.id, body),
);

export const DELETE = apiRoute(
  { permission: "views.save", params: viewParamsSchema, response: viewSchema },
  ({ params, ...context }) => deleteView(context, params.id),
);
