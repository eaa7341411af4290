"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { TrustField } from "@/components/projects/create-project-dialog";
import { firstKeptDay, isShorter, readDays } from "@/components/projects/describe-retention";
import { updateProject } from "@/components/projects/project-requests";
import { FormDialog } from "@/components/states/form-dialog";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Field, TickField } from "@/components/ui/field";
import { ATTRIBUTION_TAGS } from "@/lib/projects/attribution-tags";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";

interface EditProjectDialogProps {
  project: ProjectAnswer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** A project's name and rules. Keeping calls for less time deletes some, so that takes a second yes. */
export function EditProjectDialog({ project, ...dialog }: EditProjectDialogProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(project.name);
  const [isTrusting, setTrusting] = useState(project.trusts_reported_cost);
  const [tags, setTags] = useState(project.required_tags);
  const [typed, setTyped] = useState(project.retention_days?.toString() ?? "");
  const [isSure, setSure] = useState(false);
  const kept = readDays(typed);
  const days = "days" in kept ? kept.days : null;
  const mustBeSure = "days" in kept && isShorter(project.retention_days, kept.days);
  return (
    <FormDialog
      {...dialog}
      title={`Change ${project.name}`}
      description="Each change is kept in the audit trail with your name."
      submitLabel="Save"
      busyLabel="Saving…"
      variant={mustBeSure ? "danger" : "primary"}
      canSubmit={name.trim() !== "" && "days" in kept && (!mustBeSure || isSure)}
      onSubmit={async () => {
        await updateProject(project.id, {
          name,
          trusts_reported_cost: isTrusting,
          required_tags: tags,
          retention_days: days,
        });
        await queries.invalidateQueries({ queryKey: ["projects"] });
      }}
    >
      <Field
        label="Name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label="Keep calls for so many days"
        hint="Empty keeps them for ever."
        fault={"fault" in kept ? kept.fault : undefined}
        inputMode="numeric"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setSure(false);
        }}
      />
      {mustBeSure && days !== null && <SealingAlert days={days} isSure={isSure} onSure={setSure} />}
      <TrustField isOn={isTrusting} onChange={setTrusting} />
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 font-medium text-[13px]">Tags that every call must carry</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-2">
          {ATTRIBUTION_TAGS.map((tag) => (
            <TickField
              key={tag}
              label={tag}
              checked={tags.includes(tag)}
              onCheckedChange={(checked) =>
                setTags(
                  ATTRIBUTION_TAGS.filter((one) =>
                    one === tag ? checked === true : tags.includes(one),
                  ),
                )
              }
            />
          ))}
        </div>
        <p className="text-[13px] text-ink-muted">
          A call without them still counts, and is marked.
        </p>
      </fieldset>
    </FormDialog>
  );
}

interface SealingAlertProps {
  days: number;
  isSure: boolean;
  onSure: (isSure: boolean) => void;
}

/** What expires and what stays, in words, before it happens. */
function SealingAlert({ days, isSure, onSure }: SealingAlertProps) {
  const firstDay = firstKeptDay(days, Date.now());
  return (
    <>
      <Alert variant="caution">
        <AlertTitle>Calls of UTC days before {firstDay} are deleted for good</AlertTitle>
        <AlertDescription>
          <p>
            What stays of those days: cost, calls and tokens, summed by feature, agent, provider,
            model and status. What goes: every single call with its price lines, and who it was for
            (user, session, task, metadata). Questions by those can then be asked of later days
            only.
          </p>
          <p className="mt-1">
            It begins within a quarter of an hour, goes on by itself each day, and keeping calls for
            longer later does not bring any back.
          </p>
        </AlertDescription>
      </Alert>
      <TickField
        label={`Delete calls before ${firstDay}, and each day when it is ${days} days old`}
        checked={isSure}
        onCheckedChange={(checked) => onSure(checked === true)}
      />
    </>
  );
}
