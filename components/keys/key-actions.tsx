"use client";

import { Ban, Pencil, RefreshCw } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { KeyAction } from "@/components/keys/key-action-dialog";
import type { CreatedKey } from "@/components/keys/key-requests";
import { Button } from "@/components/ui/button";
import type { KeyAnswer } from "@/lib/keys/key-schemas";

interface KeyActionsProps {
  row: KeyAnswer;
  onRotated: (key: CreatedKey) => void;
}

// Nobody needs a dialog at first sight: it comes when it is asked for.
const KeyActionDialog = dynamic(
  () => import("@/components/keys/key-action-dialog").then((module) => module.KeyActionDialog),
  { ssr: false },
);

const ACTIONS = [
  { action: "rename", label: "Rename", icon: Pencil },
  { action: "rotate", label: "Rotate", icon: RefreshCw },
  { action: "revoke", label: "Revoke", icon: Ban },
] as const;

/** What can be done to a key that works: another name, another key in its place, or an end. */
export function KeyActions({ row, onRotated }: KeyActionsProps) {
  const [open, setOpen] = useState<KeyAction | null>(null);
  return (
    <div className="flex flex-wrap gap-2">
      {ACTIONS.map(({ action, label, icon: Icon }) => (
        <Button
          key={action}
          size="small"
          aria-label={`${label} ${row.name}`}
          onClick={() => setOpen(action)}
        >
          <Icon aria-hidden="true" />
          {label}
        </Button>
      ))}
      {open && (
        <KeyActionDialog
          row={row}
          action={open}
          isOpen
          onOpenChange={() => setOpen(null)}
          onRotated={onRotated}
        />
      )}
    </div>
  );
}
