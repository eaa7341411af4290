import { apiRoute } from "@/lib/api-route";
import { createView } from "@/lib/views/create-view";
import { listViews } from "@/lib/views/list-views";
import { createViewSchema, viewListSchema, viewSchema } from "@/lib/views/view-schemas";

export const GET = apiRoute(
  { permission: "views.read", response: viewListSchema },
  ({ projects, ...context }) => listViews(context, projects),
);

export const POST = apiRoute(
  { permission: "views.save", body: createViewSchema, response: viewSchema, status: 201 },
  ({ body, ...context }) => createView(context, body),
);
