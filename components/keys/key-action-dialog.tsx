"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { listLosses } from "@/components/keys/describe-key";
import { type CreatedKey, renameKey, revokeKey, rotateKey } from "@/components/keys/key-requests";
import { FormDialog } from "@/components/states/form-dialog";
import { Field } from "@/components/ui/field";
import type { KeyAnswer } from "@/lib/keys/key-schemas";

/** What can be done to a key that works. */
export type KeyAction = "rename" | "rotate" | "revoke";

interface KeyActionDialogProps extends KeyDialogProps {
  action: KeyAction;
  onRotated: (key: CreatedKey) => void;
}

/** The question before something is done to a key. */
export function KeyActionDialog({ action, onRotated, ...dialog }: KeyActionDialogProps) {
  if (action === "rename") return <RenameDialog {...dialog} />;
  if (action === "revoke") return <RevokeDialog {...dialog} />;
  const { row, ...rest } = dialog;
  return (
    <FormDialog
      {...rest}
      title={`Rotate ${row.name}`}
      description="A new key with the same name and scopes is made and shown once. The old one goes on working until you revoke it, so change its users over first."
      submitLabel="Make the new key"
      busyLabel="Making…"
      onSubmit={async () => onRotated(await rotateKey(row.id))}
    />
  );
}

interface KeyDialogProps {
  row: KeyAnswer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

function RenameDialog({ row, ...dialog }: KeyDialogProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(row.name);
  return (
    <FormDialog
      {...dialog}
      title="Rename the key"
      description="Only its name changes: whoever uses it notices nothing."
      submitLabel="Rename"
      busyLabel="Renaming…"
      canSubmit={name.trim() !== ""}
      onSubmit={async () => {
        await renameKey(row.id, name);
        await queries.invalidateQueries({ queryKey: ["keys"] });
      }}
    >
      <Field
        label="Name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}

function RevokeDialog({ row, ...dialog }: KeyDialogProps) {
  const queries = useQueryClient();
  const losses = listLosses(row);
  return (
    <FormDialog
      {...dialog}
      title={`Revoke ${row.name}?`}
      description={
        <>
          <ul className="list-disc pl-4">
            {losses.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
          </ul>
          <p className="mt-2">
            That is so from the next request on, in{" "}
            {row.installation ? "every project" : `the project ${row.project}`}, and within a minute
            in other processes of this installation. It cannot be undone.
          </p>
        </>
      }
      submitLabel="Revoke the key"
      busyLabel="Revoking…"
      variant="danger"
      onSubmit={async () => {
        await revokeKey(row.id);
        await queries.invalidateQueries({ queryKey: ["keys"] });
      }}
    />
  );
}
