"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ControlTarget } from "@/components/kill-switches/list-targets";
import type { Rehearsal } from "@/components/kill-switches/rehearsal";
import { postRehearsal } from "@/components/kill-switches/switch-requests";
import { FormDialog } from "@/components/states/form-dialog";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Field } from "@/components/ui/field";
import { formatCount, formatQuantity } from "@/lib/format";

interface RehearseDialogProps {
  /** An agent. */
  target: ControlTarget;
  /** The rehearsal of this tab that is under way; there is one at a time. */
  running: Rehearsal | null;
  onBegin: (rehearsal: Rehearsal) => void;
  onClose: () => void;
}

/** The question before a rehearsal: that it really stops the agent, and how much of it. */
export function RehearseDialog({ target, running, onBegin, onClose }: RehearseDialogProps) {
  const queries = useQueryClient();
  const [reason, setReason] = useState("A rehearsal");
  const { project, value: agent, reach } = target;
  if (project === null || agent === null) return null;
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Rehearse a stop of agent ${agent}?`}
      description="It measures how long each instance takes to stop, and releases the agent as soon as all have confirmed."
      submitLabel="Stop it for the rehearsal"
      busyLabel="Stopping…"
      variant="danger"
      canSubmit={reason.trim() !== "" && running === null}
      onSubmit={async () => {
        const row = await postRehearsal({ project, agent, reason: reason.trim() });
        // Both are there: it was engaged just now, and ends by itself.
        const { engaged_at, until } = row;
        if (engaged_at === null || until === null) throw new RangeError("a rehearsal has an end");
        const begunMs = Date.now();
        const times = { engagedAt: engaged_at, until, begunMs };
        onBegin({ project, agent, ...times, measured: [], end: null });
        await queries.invalidateQueries({ queryKey: ["kill-switches"] });
      }}
    >
      <Alert variant="caution">
        <AlertTitle>
          This really stops the agent, for at most a minute, on{" "}
          {formatQuantity(reach.instances, "instance")}.
        </AlertTitle>
        <AlertDescription>
          Calls under way are ended and new ones refused, as with any switch.
          {reach.unseen > 0 &&
            ` ${formatCount(reach.unseen)} not seen for 15 s or longer: while one is silent, the rehearsal takes its whole minute, unless you end it.`}
        </AlertDescription>
      </Alert>
      {running && (
        <p className="text-[13px]">
          A rehearsal of agent {running.agent} is under way: this one can begin after it.
        </p>
      )}
      <Field
        label="Why"
        required
        maxLength={2000}
        hint="Agents are told, and the audit keeps it."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
