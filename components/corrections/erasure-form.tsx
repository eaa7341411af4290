"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ConfirmErasure } from "@/components/corrections/confirm-erasure";
import { requestErasure } from "@/components/corrections/erasure-requests";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { ChoiceField, Field } from "@/components/ui/field";

/** An erasure that was asked for. */
export interface Erasure {
  project: string;
  id: string;
}

/** Whom to erase, and where. */
export interface ErasureTarget {
  project: string;
  kind: "user" | "session";
  name: string;
}

const KINDS = [
  { value: "user", label: "A user" },
  { value: "session", label: "A session" },
] as const;

/** Whom to erase; then what that reaches, before anything happens. */
export function ErasureForm({ onStarted }: { onStarted: (erasure: Erasure) => void }) {
  const workspace = useWorkspace();
  const may = useMay();
  const open = workspace.projects.filter(({ slug }) => may("calls.erase", slug));
  const first = open.find(({ slug }) => slug === workspace.project) ?? open[0];
  const [target, setTarget] = useState<ErasureTarget>({
    project: first?.slug ?? "",
    kind: "user",
    name: "",
  });
  const preview = useMutation({
    mutationFn: ({ project, kind, name }: ErasureTarget) =>
      requestErasure(project, { [kind]: name, dry_run: true }),
  });
  const change = (part: Partial<ErasureTarget>) => {
    setTarget({ ...target, ...part });
    // What was found was found for another name.
    preview.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (target.name !== "" && !preview.isPending) preview.mutate(target);
  };
  return (
    <div className="flex max-w-lg flex-col gap-4">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <ChoiceField
          label="Project"
          value={target.project}
          options={open.map(({ slug, name }) => ({ value: slug, label: name }))}
          onChoose={(project) => change({ project })}
        />
        <ChoiceField
          label="What"
          value={target.kind}
          options={KINDS}
          onChoose={(kind) => change({ kind })}
        />
        <Field
          label="Its name in the events"
          hint="Exactly as it was sent, capitals and spaces included."
          required
          spellCheck={false}
          value={target.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        <Button type="submit" className="self-start" aria-disabled={preview.isPending}>
          {preview.isPending ? "Looking…" : "Look what it reaches"}
        </Button>
      </form>
      {preview.isError && (
        <PanelError
          what="What it reaches"
          failure="could not be found out"
          error={preview.error}
          onRetry={() => preview.mutate(target)}
        />
      )}
      {preview.data && (
        <ConfirmErasure
          key={preview.data.id}
          target={target}
          preview={preview.data}
          onStarted={onStarted}
        />
      )}
    </div>
  );
}
