"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { createContext, type ReactNode, useContext } from "react";
import { PanelError } from "@/components/states/panel-error";
import { requestJson } from "@/lib/api-client";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";
import type { MeAnswer } from "@/lib/users/me-schemas";

interface Workspace {
  me: MeAnswer;
  projects: ProjectAnswer[];
  organisationName: string;
  /** IANA zone of every calendar question. */
  timeZone: string;
  /** Slug in the URL, `*` for all that the person may see. */
  project: string;
  setProject: (slug: string) => void;
}

/** All projects that the person may see. */
export const ALL_PROJECTS = "*";

const WorkspaceContext = createContext<Workspace | null>(null);

/** The signed-in person, their projects and the organisation's zone. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error("useWorkspace needs a WorkspaceProvider above it");
  return workspace;
}

// These change by hand and rarely; a page that stays open for hours still sees a new project.
const SLOW_CHANGING = { staleTime: 60_000 } as const;

const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => requestJson<MeAnswer>("/api/me", { signal }),
  ...SLOW_CHANGING,
});
const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }) => requestJson<{ projects: ProjectAnswer[] }>("/api/projects", { signal }),
  ...SLOW_CHANGING,
});
/** Loads what every screen needs before it can ask anything, and shows `fallback` until then. */
export function WorkspaceProvider({
  children,
  fallback,
}: {
  children: ReactNode;
  fallback: ReactNode;
}) {
  const me = useQuery(meQuery);
  const projects = useQuery(projectsQuery);
  const [project, setProject] = useQueryState(
    "project",
    parseAsString.withDefault(ALL_PROJECTS).withOptions({ history: "push" }),
  );
  const failed = [me, projects].find((query) => query.isError);
  if (failed) {
    return (
      <main className="mx-auto max-w-xl p-6">
        <h1 className="sr-only">Outlay could not be loaded</h1>
        <PanelError
          what="Your workspace"
          error={failed.error}
          onRetry={() => void failed.refetch()}
        />
      </main>
    );
  }
  if (!me.data || !projects.data) return fallback;
  const workspace: Workspace = {
    me: me.data,
    projects: projects.data.projects,
    organisationName: me.data.organisation_name,
    timeZone: me.data.time_zone,
    project,
    setProject: (slug) => void setProject(slug === ALL_PROJECTS ? null : slug),
  };
  return <WorkspaceContext value={workspace}>{children}</WorkspaceContext>;
}
