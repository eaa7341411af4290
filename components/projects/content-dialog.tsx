"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PatternsField } from "@/components/projects/patterns-field";
import { deleteContents, updateProject } from "@/components/projects/project-requests";
import { FormDialog } from "@/components/states/form-dialog";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Field, TickField } from "@/components/ui/field";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";

interface ContentDialogProps {
  project: ProjectAnswer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

const MAX_DAYS = 365;

/** Whether a project keeps prompts and answers, for how long, and what is taken out of them first. */
export function ContentDialog({ project, ...dialog }: ContentDialogProps) {
  const queries = useQueryClient();
  const [isKeeping, setKeeping] = useState(project.keeps_content);
  const [days, setDays] = useState(String(project.content_retention_days));
  const [patterns, setPatterns] = useState(project.redaction_patterns);
  const [isDeleting, setDeleting] = useState(false);
  const isNumber = /^\d{1,3}$/.test(days.trim()) && Number(days) >= 1 && Number(days) <= MAX_DAYS;
  return (
    <FormDialog
      {...dialog}
      title={`Prompts and answers of ${project.name}`}
      description="Each change is kept in the audit trail with your name."
      submitLabel="Save"
      busyLabel="Saving…"
      isWide
      variant={isDeleting && !isKeeping ? "danger" : "primary"}
      canSubmit={isNumber}
      onSubmit={async () => {
        await updateProject(project.id, {
          keeps_content: isKeeping,
          content_retention_days: Number(days),
          redaction_patterns: patterns,
        });
        if (isDeleting && !isKeeping) await deleteContents(project.id);
        await queries.invalidateQueries({ queryKey: ["projects"] });
      }}
    >
      <TickField
        label="Keep prompts and answers"
        hint="Where the client sends them. It holds for calls received from then on: here at once, in other processes within a minute."
        checked={isKeeping}
        onCheckedChange={(checked) => setKeeping(checked === true)}
      />
      {isKeeping && !project.keeps_content && (
        <Alert variant="caution">
          <AlertTitle>Prompts can hold anything that people and programs typed</AlertTitle>
          <AlertDescription>
            Names, contracts, health, source code: what Outlay cannot know as a secret stays in.
            E-mail addresses, card numbers and known keys are taken out before anything is written
            to a disk. Engineers and admins of this project can read the rest, and that they did is
            kept.
          </AlertDescription>
        </Alert>
      )}
      {!isKeeping && (
        <TickField
          label="Delete what is kept now, for good"
          hint="Otherwise it stays until it expires. Calls and what they cost stay in any case."
          checked={isDeleting}
          onCheckedChange={(checked) => setDeleting(checked === true)}
        />
      )}
      <Field
        label="Keep them for so many days"
        hint="Their calls stay for as long as the project keeps calls."
        fault={isNumber ? undefined : `A whole number of days from 1 to ${MAX_DAYS}.`}
        inputMode="numeric"
        value={days}
        onChange={(event) => setDays(event.target.value)}
      />
      <PatternsField projectId={project.id} patterns={patterns} onChange={setPatterns} />
    </FormDialog>
  );
}
