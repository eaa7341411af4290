import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { requestJson, sendRequest } from "@/lib/api-client";
import type { RedactionPreviewAnswer } from "@/lib/contents/content-schemas";
import type { ProjectAnswer, UpdateProjectInput } from "@/lib/projects/project-schemas";
import type { TagPreviewAnswer } from "@/lib/traces/tag-preview-schemas";

/** What a project has received since the beginning. */
export interface ProjectCalls {
  /** Its slug. */
  project: string;
  calls: number;
  cost_usd: string | null;
  unpriced_calls: number;
}

/** The first day an event may have, by the contract. */
const BEGINNING = "2020-01-01T00:00:00Z";
const KEPT_FRESH_MS = 60_000;

/** Calls and cost of every project, of all time. A project without any is not among them. */
export function projectCallsQuery() {
  return queryOptions({
    queryKey: ["project-calls"],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({
        project: "*",
        from: BEGINNING,
        interval: "total",
        group_by: "project",
        figures: "calls,cost_usd,unpriced_calls",
      });
      const { rows } = await requestJson<{ rows: ProjectCalls[] }>("/api/spend", { query, signal });
      return rows;
    },
    refetchInterval: KEPT_FRESH_MS,
  });
}

/** Makes a project (`POST /api/projects`). */
export function createProject(body: {
  slug: string;
  name: string;
  trusts_reported_cost: boolean;
}): Promise<ProjectAnswer> {
  return requestJson<ProjectAnswer>("/api/projects", { method: "POST", body });
}

/** Changes a project (`PATCH /api/projects/{id}`). */
export function updateProject(id: string, body: UpdateProjectInput): Promise<ProjectAnswer> {
  return requestJson<ProjectAnswer>(`/api/projects/${id}`, { method: "PATCH", body });
}

/** Deletes every prompt and answer that a project keeps (`DELETE /api/projects/{id}/contents`). */
export async function deleteContents(id: string): Promise<void> {
  await sendRequest(`/api/projects/${id}/contents`, { method: "DELETE" });
}

/** What would be taken out of a text. @param asked the body, as JSON text */
export function redactionPreviewQuery(id: string, asked: string) {
  return queryOptions({
    queryKey: ["redaction-preview", id, asked],
    queryFn: ({ signal }) =>
      requestJson<RedactionPreviewAnswer>(`/api/projects/${id}/redactions/preview`, {
        method: "POST",
        body: JSON.parse(asked),
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
}

/** What rules would make of spans that came lately. @param asked the body, as JSON text */
export function tagPreviewQuery(id: string, asked: string) {
  return queryOptions({
    queryKey: ["tag-preview", id, asked],
    queryFn: ({ signal }) =>
      requestJson<TagPreviewAnswer>(`/api/projects/${id}/tag-mapping/preview`, {
        method: "POST",
        body: JSON.parse(asked),
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
}
