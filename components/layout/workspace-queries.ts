import { queryOptions } from "@tanstack/react-query";
import { requestJson } from "@/lib/api-client";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";
import type { MeAnswer } from "@/lib/users/me-schemas";

// These change by hand and rarely; a page that stays open for hours still sees a new project.
const SLOW_CHANGING = { staleTime: 60_000 } as const;

/** Who is signed in, and the organisation's settings. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => requestJson<MeAnswer>("/api/me", { signal }),
  ...SLOW_CHANGING,
});

/** The projects that the person may see. */
export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }) => requestJson<{ projects: ProjectAnswer[] }>("/api/projects", { signal }),
  ...SLOW_CHANGING,
});
