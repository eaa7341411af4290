"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWorkspace } from "@/components/layout/workspace";
import { FormDialog } from "@/components/states/form-dialog";
import { Field, TickField } from "@/components/ui/field";
import { createView, viewsQuery } from "@/components/views/view-requests";
import { toViewQuery, type ViewScreen } from "@/lib/views/screen-params";

interface SaveViewDialogProps {
  screen: ViewScreen;
  /** The page's own query. */
  search: URLSearchParams;
  onClose: () => void;
  onSaved: (name: string) => void;
}

/** Asks under which name to save what the page shows, and who is to find it. */
export function SaveViewDialog({ screen, search, onClose, onSaved }: SaveViewDialogProps) {
  const { me } = useWorkspace();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Save view"
      description="It keeps what the page asks, not the figures: opened again, it shows those of that day."
      submitLabel="Save"
      busyLabel="Saving…"
      canSubmit={name.trim() !== ""}
      onSubmit={async () => {
        const query = toViewQuery(screen, search);
        const view = await createView({ name, screen, query, shared: isShared });
        await queries.invalidateQueries(viewsQuery);
        onSaved(view.name);
      }}
    >
      <Field
        label="Name"
        required
        maxLength={100}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {me.permissions.includes("views.share") && (
        <TickField
          label="Share it"
          hint="Everybody who sees the project finds it."
          checked={isShared}
          onCheckedChange={(checked) => setShared(checked === true)}
        />
      )}
    </FormDialog>
  );
}
