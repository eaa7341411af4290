"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { MemberAction } from "@/components/users/member-action-dialog";
import type { ShownLink } from "@/components/users/setup-link-dialog";
import type { UserAnswer } from "@/lib/users/user-schemas";

interface MemberActionsProps {
  user: UserAnswer;
  onLink: (link: ShownLink) => void;
}

// Nobody needs a dialog at first sight: it comes when it is asked for.
const MemberActionDialog = dynamic(
  () =>
    import("@/components/users/member-action-dialog").then((module) => module.MemberActionDialog),
  { ssr: false },
);

/** What an admin may do about a person. */
export function MemberActions({ user, onLink }: MemberActionsProps) {
  const [open, setOpen] = useState<MemberAction | null>(null);
  const isDisabled = user.state === "disabled";
  const button = (action: MemberAction, label: string) => (
    <Button size="small" aria-label={`${label}: ${user.name}`} onClick={() => setOpen(action)}>
      {label}
    </Button>
  );
  return (
    <div className="flex flex-wrap gap-2">
      {button("change", "Change")}
      {!isDisabled && button("link", "New link")}
      {button("toggle", isDisabled ? "Let back in" : "Deactivate")}
      {open && (
        <MemberActionDialog
          user={user}
          action={open}
          isOpen
          onOpenChange={() => setOpen(null)}
          onLink={onLink}
        />
      )}
    </div>
  );
}
