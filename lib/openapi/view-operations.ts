import type { Operation } from "@/lib/openapi/operation";
import {
  createViewSchema,
  updateViewSchema,
  viewListSchema,
  viewParamsSchema,
  viewSchema,
} from "@/lib/views/view-schemas";

/** Saved views. */
export const VIEW_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/views",
    summary: "Saved views: one's own and shared ones",
    permission: "views.read",
    response: viewListSchema,
  },
  {
    method: "post",
    path: "/api/views",
    summary: "Save a view of a screen",
    description: "Sharing it takes `views.share`. Names are unique for their owner.",
    permission: "views.save",
    body: createViewSchema,
    response: viewSchema,
    status: 201,
  },
  {
    method: "patch",
    path: "/api/views/{id}",
    summary: "Rename, share or change a view",
    description: "One that somebody else shared takes `views.manage`.",
    permission: "views.save",
    params: viewParamsSchema,
    body: updateViewSchema,
    response: viewSchema,
  },
  {
    method: "delete",
    path: "/api/views/{id}",
    summary: "Delete a view",
    permission: "views.save",
    params: viewParamsSchema,
    response: viewSchema,
  },
];
