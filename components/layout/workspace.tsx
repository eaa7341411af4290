"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { createContext, type ReactNode, useContext } from "react";
import { ALL_PROJECTS, PROJECT_PARAM } from "@/components/layout/project-param";
import { meQuery, projectsQuery } from "@/components/layout/workspace-queries";
import { PanelError } from "@/components/states/panel-error";
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

const WorkspaceContext = createContext<Workspace | null>(null);

/** The signed-in person, their projects and the organisation's zone. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error("useWorkspace needs a WorkspaceProvider above it");
  return workspace;
}

const PROJECT = PROJECT_PARAM.project.withOptions({ history: "push" });

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
  const [project, setProject] = useQueryState("project", PROJECT);
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
