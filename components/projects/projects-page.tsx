"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { ProjectItem } from "@/components/projects/project-item";
import { projectCallsQuery } from "@/components/projects/project-requests";
import { NeedsRole } from "@/components/states/needs-role";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const CreateProjectDialog = dynamic(
  () =>
    import("@/components/projects/create-project-dialog").then(
      (module) => module.CreateProjectDialog,
    ),
  {
    ssr: false,
  },
);

/** Every project that the reader may see: what came, how long it is kept, and whose cost counts. @param demo A way to the demo's. */
export function ProjectsPage({ demo }: { demo: ReactNode }) {
  const { projects } = useWorkspace();
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const calls = useQuery(projectCallsQuery());
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-2xl text-ink-muted text-sm">
          A project is the border of everything: its events, keys and members stay apart from the
          others.
        </p>
        {may("projects.create", null) ? (
          <Button variant="primary" onClick={() => setMaking(true)}>
            <Plus aria-hidden="true" />
            Make a project
          </Button>
        ) : (
          <NeedsRole permission="projects.create" what="Making a project" />
        )}
      </div>
      {calls.error && (
        <PanelError
          what="What projects received"
          error={calls.error}
          onRetry={() => void calls.refetch()}
        />
      )}
      <Card aria-label="Projects" className="overflow-hidden">
        <ul>
          {projects.map((project) => (
            <ProjectItem
              key={project.id}
              project={project}
              calls={calls.data?.find((row) => row.project === project.slug) ?? null}
              isCounted={calls.data !== undefined}
            />
          ))}
        </ul>
      </Card>
      {demo}
      {isMaking && <CreateProjectDialog isOpen onOpenChange={setMaking} />}
    </div>
  );
}
