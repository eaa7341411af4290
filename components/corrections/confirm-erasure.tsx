"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Erasure, ErasureTarget } from "@/components/corrections/erasure-form";
import { findErasure, requestErasure } from "@/components/corrections/erasure-requests";
import { PanelError } from "@/components/states/panel-error";
import { Alert, AlertTitle } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { formatQuantity } from "@/lib/format";

interface ConfirmErasureProps {
  target: ErasureTarget;
  /** The dry run; it may still be under way. */
  preview: CorrectionAnswer;
  onStarted: (erasure: Erasure) => void;
}

const LOOK_EVERY_MS = 1_000;

/** What the dry run found; then the name once more, and why. */
export function ConfirmErasure({ target, preview, onStarted }: ConfirmErasureProps) {
  const { project } = target;
  const { data = preview } = useQuery({
    queryKey: ["erasure", project, preview.id],
    queryFn: ({ signal }) => findErasure(project, preview.id, signal),
    enabled: preview.finished_at === null,
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : LOOK_EVERY_MS),
  });
  if (data.state === "failed" || data.state === "cancelled") {
    return <Alert variant="danger">The look failed: {data.error ?? data.state}.</Alert>;
  }
  if (data.finished_at === null) {
    return <Alert>Looking: {formatQuantity(data.calls_seen, "call")} so far.</Alert>;
  }
  if (data.calls_changed === 0) {
    return (
      <Alert>
        <AlertTitle>No call of this project has that name</AlertTitle>
        It has to be written exactly as it was sent.
      </Alert>
    );
  }
  return <ConfirmForm target={target} count={data.calls_changed} onStarted={onStarted} />;
}

interface ConfirmFormProps extends Omit<ConfirmErasureProps, "preview"> {
  count: number;
}

function ConfirmForm({ target, count, onStarted }: ConfirmFormProps) {
  const { project, kind, name } = target;
  const [again, setAgain] = useState("");
  const [reason, setReason] = useState("");
  const erase = useMutation({
    mutationFn: () => requestErasure(project, { [kind]: name, dry_run: false, reason }),
    onSuccess: ({ id }) => onStarted({ project, id }),
  });
  const isReady = again === name && reason.trim() !== "" && !erase.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) erase.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 border-line border-t pt-4">
      <Alert variant="caution">
        <AlertTitle>
          {formatQuantity(count, "call")} of the project {project} will lose the name, for good
        </AlertTitle>
        What they cost stays.
      </Alert>
      <Field
        label={`Type the ${kind} again`}
        required
        spellCheck={false}
        value={again}
        onChange={({ target: field }) => setAgain(field.value)}
      />
      <Field
        label="Reason"
        hint="It is kept with your name, so it must not hold theirs. A ticket’s number is good."
        required
        maxLength={1000}
        value={reason}
        onChange={({ target: field }) => setReason(field.value)}
      />
      {erase.isError && (
        <PanelError
          what="The erasure"
          failure="could not be asked for"
          error={erase.error}
          onRetry={() => erase.mutate()}
        />
      )}
      <Button type="submit" variant="danger" className="self-start" aria-disabled={!isReady}>
        {erase.isPending ? "Erasing…" : `Erase this ${kind}`}
      </Button>
    </form>
  );
}
