"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { nameTarget } from "@/components/kill-switches/list-targets";
import { putSwitch, type SwitchTarget } from "@/components/kill-switches/switch-requests";
import { FormDialog } from "@/components/states/form-dialog";
import { Field } from "@/components/ui/field";

interface ReleaseDialogProps {
  target: SwitchTarget;
  /** Why it was stopped. */
  engagedFor: string;
  onClose: () => void;
}

/** The question before something may run again. */
export function ReleaseDialog({ target, engagedFor, onClose }: ReleaseDialogProps) {
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Release ${nameTarget(target)}?`}
      description={
        <p className="[overflow-wrap:anywhere]">
          It was stopped for: {engagedFor}. From the next reservation on it may call again, as far
          as budgets and other switches let it.
        </p>
      }
      submitLabel="Release"
      busyLabel="Releasing…"
      canSubmit={reason.trim() !== ""}
      onSubmit={async () => {
        await putSwitch(target, { engaged: false, reason: reason.trim(), until: null });
        await queries.invalidateQueries({ queryKey: ["kill-switches"] });
      }}
    >
      <Field
        label="Why it may run again"
        required
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
