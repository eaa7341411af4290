"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AlertAction } from "@/components/alerts/alert-item";
import { acknowledgeAlert, snoozeAlert } from "@/components/alerts/alert-requests";
import { SNOOZE_CHOICES, type SnoozeChoice, snoozeEnd } from "@/components/alerts/snooze-end";
import { useNow } from "@/components/filters/use-now";
import { useWorkspace } from "@/components/layout/workspace";
import { FormDialog } from "@/components/states/form-dialog";
import { ChoiceField, Field } from "@/components/ui/field";
import { Moment } from "@/components/ui/moment";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";

interface HandleDialogProps {
  alert: AlertAnswer;
  onClose: () => void;
}

/** The question before something is done about an alert. */
export function HandleDialog({ action, ...props }: HandleDialogProps & { action: AlertAction }) {
  if (action === "acknowledge") return <AcknowledgeDialog {...props} />;
  return action === "snooze" ? <SnoozeDialog {...props} /> : <EndSnoozeDialog {...props} />;
}

function AcknowledgeDialog({ alert, onClose }: HandleDialogProps) {
  const refresh = useRefresh();
  const [note, setNote] = useState("");
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Acknowledge it?"
      description={
        <p>
          It says to everybody that you are at it: <q>{alert.title}</q>. Nothing else changes: what
          stops calls goes on stopping them, and what comes next is told.
        </p>
      }
      submitLabel="Acknowledge"
      busyLabel="Acknowledging…"
      onSubmit={async () => {
        await acknowledgeAlert(alert.id, note.trim());
        await refresh();
      }}
    >
      <Field
        label="Note"
        maxLength={2000}
        hint="What you found, or what you do. It may stay empty."
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
    </FormDialog>
  );
}

function SnoozeDialog({ alert, onClose }: HandleDialogProps) {
  const { timeZone } = useWorkspace();
  const nowMs = useNow();
  const refresh = useRefresh();
  const [choice, setChoice] = useState<SnoozeChoice>("1h");
  const [custom, setCustom] = useState("");
  const [reason, setReason] = useState("");
  const endMs = snoozeEnd(choice, { nowMs, timeZone, custom });
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Snooze it?"
      description={
        <p>
          Nobody is told of more of <q>{alert.title}</q> until it ends. What is found meanwhile is
          recorded and shown here, and what stops calls is told nonetheless.
        </p>
      }
      submitLabel="Snooze"
      busyLabel="Snoozing…"
      canSubmit={endMs !== null}
      onSubmit={async () => {
        // The moment of the click counts, and not that of the minute shown.
        const untilMs = snoozeEnd(choice, { nowMs: Date.now(), timeZone, custom });
        if (untilMs === null) throw new RangeError("the end of the snooze is past");
        await snoozeAlert(alert.id, new Date(untilMs).toISOString(), reason.trim());
        await refresh();
      }}
    >
      <ChoiceField label="How long" value={choice} options={SNOOZE_CHOICES} onChoose={setChoice} />
      {choice === "custom" && (
        <Field
          label={`Until (${timeZone})`}
          type="datetime-local"
          fault={custom !== "" && endMs === null ? "A time to come." : undefined}
          value={custom}
          onChange={({ target }) => setCustom(target.value)}
        />
      )}
      {endMs !== null && (
        <p className="text-[13px] text-ink-muted">
          Quiet until <Moment at={new Date(endMs).toISOString()} timeZone={timeZone} /> {timeZone}.
        </p>
      )}
      <Field
        label="Why"
        maxLength={2000}
        hint="For whoever wonders why it is quiet."
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
    </FormDialog>
  );
}

function EndSnoozeDialog({ alert, onClose }: HandleDialogProps) {
  const refresh = useRefresh();
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="End the snooze?"
      description="What is found from now on is told again. What was silenced meanwhile stays silenced: send it again where somebody is to know."
      submitLabel="End the snooze"
      busyLabel="Ending it…"
      onSubmit={async () => {
        await snoozeAlert(alert.id, null, "");
        await refresh();
      }}
    />
  );
}

function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["alerts"] });
}
