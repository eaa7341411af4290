"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState } from "react";
import { splitKeys } from "@/components/keys/describe-key";
import { KeyItem } from "@/components/keys/key-item";
import { type CreatedKey, keysQuery } from "@/components/keys/key-requests";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { EmptyState } from "@/components/states/empty-state";
import { NeedsRole } from "@/components/states/needs-role";
import { Panel } from "@/components/states/panel";
import { useDialogParam } from "@/components/states/use-dialog-param";
import { Button } from "@/components/ui/button";
import { formatQuantity } from "@/lib/format";
import type { KeyAnswer } from "@/lib/keys/key-schemas";
import { NEW_DIALOG } from "@/lib/paths";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const CreateKeyDialog = dynamic(
  () => import("@/components/keys/create-key-dialog").then((module) => module.CreateKeyDialog),
  {
    ssr: false,
  },
);
const NewKeyDialog = dynamic(
  () => import("@/components/keys/new-key-dialog").then((module) => module.NewKeyDialog),
  {
    ssr: false,
  },
);

/** Keys of the selected project, or of all: who may send and read, and whether a key is still used. */
export function KeysPage() {
  const { project, projects } = useWorkspace();
  const may = useMay();
  const queries = useQueryClient();
  const [dialog, setDialog] = useDialogParam();
  const [shown, setShown] = useState<{ made: CreatedKey; isRotation: boolean } | null>(null);
  const mayRead = projects.some(({ slug }) => may("keys.read", slug));
  const mayWrite = projects.some(({ slug }) => may("keys.write", slug));
  const query = useQuery({ ...keysQuery(project), enabled: mayRead });
  const show = (key: CreatedKey, isRotation: boolean) => {
    setShown({ made: key, isRotation });
    void queries.invalidateQueries({ queryKey: ["keys"] });
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-2xl text-ink-muted text-sm">
          A program sends events or reads figures with a key. A key belongs to one project and is
          shown once, when it is made.
        </p>
        {mayWrite ? (
          <Button variant="primary" onClick={() => setDialog(NEW_DIALOG)}>
            <Plus aria-hidden="true" />
            Make a key
          </Button>
        ) : (
          <NeedsRole permission="keys.write" what="Making a key" />
        )}
      </div>
      {mayRead ? (
        <Panel
          name="Keys"
          error={query.error}
          onRetry={() => void query.refetch()}
          isCurrent={query.data !== undefined}
          skeletonHeight={320}
        >
          {query.data && (
            <KeyList
              keys={query.data.keys}
              onRotated={(key) => show(key, true)}
              onMake={mayWrite ? () => setDialog(NEW_DIALOG) : null}
            />
          )}
        </Panel>
      ) : (
        <NeedsRole permission="keys.read" what="Seeing keys" />
      )}
      {mayWrite && dialog === NEW_DIALOG && (
        <CreateKeyDialog
          isOpen
          onOpenChange={(isOpen) => !isOpen && setDialog(null)}
          onMade={(key) => show(key, false)}
        />
      )}
      {shown && <NewKeyDialog {...shown} onClose={() => setShown(null)} />}
    </div>
  );
}

interface KeyListProps {
  keys: readonly KeyAnswer[];
  onRotated: (key: CreatedKey) => void;
  /** Null where the reader may not. */
  onMake: (() => void) | null;
}

function KeyList({ keys, onRotated, onMake }: KeyListProps) {
  const [hasRevoked, setRevoked] = useQueryState("revoked", parseAsBoolean.withDefault(false));
  const { live, revoked } = splitKeys(keys);
  if (keys.length === 0) {
    return (
      <EmptyState
        icon={KeyRound}
        title="No keys here"
        actions={onMake && <Button onClick={onMake}>Make a key</Button>}
      >
        Nothing can send events to this project or read from it.
      </EmptyState>
    );
  }
  return (
    <>
      <ul aria-label="Keys that work">
        {live.map((key) => (
          <KeyItem key={key.id} row={key} onRotated={onRotated} />
        ))}
        {live.length === 0 && (
          <li className="p-4 text-ink-muted text-sm">Every key here is revoked.</li>
        )}
      </ul>
      {revoked.length > 0 && (
        <div className="border-line border-t p-4">
          <Button
            size="small"
            aria-expanded={hasRevoked}
            onClick={() => void setRevoked(hasRevoked ? null : true)}
          >
            {hasRevoked ? "Hide" : "Show"} {formatQuantity(revoked.length, "revoked key")}
          </Button>
        </div>
      )}
      {hasRevoked && revoked.length > 0 && (
        <ul aria-label="Revoked keys" className="border-line border-t">
          {revoked.map((key) => (
            <KeyItem key={key.id} row={key} onRotated={onRotated} />
          ))}
        </ul>
      )}
    </>
  );
}
