import { queryOptions } from "@tanstack/react-query";
import { requestJson } from "@/lib/api-client";
import type { CreateViewInput, UpdateViewInput, ViewAnswer } from "@/lib/views/view-schemas";

/** Saved views that the person may open, of every project they see. */
export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: ({ signal }) => requestJson<{ views: ViewAnswer[] }>("/api/views", { signal }),
  staleTime: 60_000,
});

/** Saves a view (`POST /api/views`). */
export function createView(body: CreateViewInput): Promise<ViewAnswer> {
  return requestJson<ViewAnswer>("/api/views", { method: "POST", body });
}

/** Changes a view (`PATCH /api/views/{id}`). */
export function updateView(id: string, body: UpdateViewInput): Promise<ViewAnswer> {
  return requestJson<ViewAnswer>(`/api/views/${id}`, { method: "PATCH", body });
}

/** Deletes a view (`DELETE /api/views/{id}`). */
export function deleteView(id: string): Promise<ViewAnswer> {
  return requestJson<ViewAnswer>(`/api/views/${id}`, { method: "DELETE" });
}
