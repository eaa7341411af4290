"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/states/form-dialog";
import { Field } from "@/components/ui/field";
import { deleteView, updateView, viewsQuery } from "@/components/views/view-requests";
import { toViewQuery } from "@/lib/views/screen-params";
import type { UpdateViewInput, ViewAnswer } from "@/lib/views/view-schemas";

/** What a person is about to do to a view. */
export interface ViewAction {
  kind: "rename" | "replace" | "share" | "delete";
  view: ViewAnswer;
}

interface ViewDialogsProps {
  action: ViewAction;
  /** The page's own query. */
  search: URLSearchParams;
  onClose: () => void;
  /** Told what was done, in words for a screen reader. */
  onDone: (said: string) => void;
}

/** Each change of a view says what it means before it is made. */
export function ViewDialogs({ action, search, onClose, onDone }: ViewDialogsProps) {
  const { kind, view } = action;
  const queries = useQueryClient();
  const [name, setName] = useState(view.name);
  const frame = { isOpen: true, onOpenChange: (isOpen: boolean) => !isOpen && onClose() };
  const finish = async (said: string) => {
    await queries.invalidateQueries(viewsQuery);
    onDone(said);
  };
  const change = async (body: UpdateViewInput, said: string) => {
    await updateView(view.id, body);
    await finish(said);
  };
  if (kind === "rename") {
    return (
      <FormDialog
        {...frame}
        title="Rename the view"
        description={
          view.shared ? "It is shared: everybody sees the new name." : "Only you see it."
        }
        submitLabel="Rename"
        busyLabel="Renaming…"
        canSubmit={name.trim() !== ""}
        onSubmit={() => change({ name }, `Renamed to ${name}`)}
      >
        <Field
          label="Name"
          required
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </FormDialog>
    );
  }
  if (kind === "replace") {
    return (
      <FormDialog
        {...frame}
        title={`Replace ${view.name}?`}
        description="The view keeps its name and asks what the page asks now. Links that were copied before stay as they are."
        submitLabel="Replace"
        busyLabel="Saving…"
        onSubmit={() =>
          change({ query: toViewQuery(view.screen, search) }, `Replaced ${view.name}`)
        }
      />
    );
  }
  if (kind === "share") {
    return (
      <FormDialog
        {...frame}
        title={view.shared ? `Stop sharing ${view.name}?` : `Share ${view.name}?`}
        description={describeShare(view)}
        submitLabel={view.shared ? "Stop sharing" : "Share"}
        busyLabel="Saving…"
        onSubmit={() =>
          change({ shared: !view.shared }, `${view.name} is ${view.shared ? "private" : "shared"}`)
        }
      />
    );
  }
  return (
    <FormDialog
      {...frame}
      title={`Delete ${view.name}?`}
      description={
        view.shared
          ? "Nobody finds it any more. Links that were copied go on working."
          : "Links that were copied go on working."
      }
      submitLabel="Delete the view"
      busyLabel="Deleting…"
      variant="danger"
      onSubmit={async () => {
        await deleteView(view.id);
        await finish(`Deleted ${view.name}`);
      }}
    />
  );
}

function describeShare({ shared, is_own, author, project }: ViewAnswer): string {
  if (!shared) {
    const readers = project === null ? "everybody" : `everybody who sees the project ${project}`;
    return `From then on ${readers} finds it, each with the figures that they may see.`;
  }
  return `Only ${is_own ? "you" : (author ?? "nobody")} will find it then.`;
}
