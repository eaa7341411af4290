"use client";

import { FolderX } from "lucide-react";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { EmptyState } from "@/components/states/empty-state";
import { Button } from "@/components/ui/button";

/** The address names a project that is not there, or that this person may not see: said once, not by every panel. */
export function UnknownProject() {
  const { project, setProject } = useWorkspace();
  return (
    <>
      <h1 className="sr-only">Unknown project</h1>
      <EmptyState
        icon={FolderX}
        title={`There is no project “${project}” that you may see`}
        actions={
          <Button variant="primary" onClick={() => setProject(ALL_PROJECTS)}>
            Show all projects
          </Button>
        }
      >
        The link may be old, or an admin has to add you to the project.
      </EmptyState>
    </>
  );
}
