"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useWorkspace } from "@/components/layout/workspace";
import { deleteDemo } from "@/components/projects/delete-demo";
import { FormDialog } from "@/components/states/form-dialog";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";

interface DeleteDemoDialogProps {
  project: ProjectAnswer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Takes the demo away, and leads off it where it was the one that is looked at. */
export function DeleteDemoDialog({ project, ...dialog }: DeleteDemoDialogProps) {
  const queries = useQueryClient();
  const workspace = useWorkspace();
  return (
    <FormDialog
      {...dialog}
      title={`Remove ${project.name}?`}
      description="The demo project, its calls and its keys are removed for good. Nothing of other projects is touched. Only a demo can be removed: what was really spent stays."
      submitLabel="Remove the demo"
      busyLabel="Removing…"
      variant="danger"
      onSubmit={async () => {
        await deleteDemo(project.id);
        if (workspace.project === project.slug) workspace.setProject("*");
        await queries.invalidateQueries();
      }}
    />
  );
}
