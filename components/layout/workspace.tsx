"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { createContext, type ReactNode, useContext } from "react";
import { PanelError } from "@/components/states/panel-error";
import { requestJson } from "@/lib/api-client";

/** A project as the switcher needs it. */
export interface Project {
  id: string;
  slug: string;
  name: string;
  is_demo: boolean;
}

interface Me {
  user: { id: string; email: string; name: string | null };
  memberships: { project: string | null; role: string }[];
  permissions: string[];
}

interface Settings {
  organisation_name: string;
  time_zone: string;
}

interface Workspace {
  me: Me;
  projects: Project[];
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
  queryFn: ({ signal }) => requestJson<Me>("/api/me", { signal }),
  ...SLOW_CHANGING,
});
const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }) => requestJson<{ projects: Project[] }>("/api/projects", { signal }),
  ...SLOW_CHANGING,
});
const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => requestJson<Settings>("/api/settings", { signal }),
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
  const settings = useQuery(settingsQuery);
  const [project, setProject] = useQueryState(
    "project",
    parseAsString.withDefault(ALL_PROJECTS).withOptions({ history: "push" }),
  );
  const failed = [me, projects, settings].find((query) => query.isError);
  if (failed) {
    return (
      <main className="mx-auto max-w-xl p-6">
        <PanelError
          what="Your workspace"
          error={failed.error}
          onRetry={() => void failed.refetch()}
        />
      </main>
    );
  }
  if (!me.data || !projects.data || !settings.data) return fallback;
  const workspace: Workspace = {
    me: me.data,
    projects: projects.data.projects,
    organisationName: settings.data.organisation_name,
    timeZone: settings.data.time_zone,
    project,
    setProject: (slug) => void setProject(slug === ALL_PROJECTS ? null : slug),
  };
  return <WorkspaceContext value={workspace}>{children}</WorkspaceContext>;
}
