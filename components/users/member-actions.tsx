"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/states/form-dialog";
import { Button } from "@/components/ui/button";
import { ChangeMemberDialog } from "@/components/users/change-member-dialog";
import type { ShownLink } from "@/components/users/setup-link-dialog";
import { createSetupLink, updateUser } from "@/components/users/user-requests";
import type { UserAnswer } from "@/lib/users/user-schemas";

interface MemberActionsProps {
  user: UserAnswer;
  onLink: (link: ShownLink) => void;
}

/** What an admin may do about a person. */
export function MemberActions({ user, onLink }: MemberActionsProps) {
  const queries = useQueryClient();
  const [open, setOpen] = useState<"change" | "link" | "disable" | null>(null);
  const dialog = (name: typeof open) => ({
    isOpen: open === name,
    onOpenChange: (isOpen: boolean) => setOpen(isOpen ? name : null),
  });
  const isDisabled = user.state === "disabled";
  const button = (name: NonNullable<typeof open>, label: string) => (
    <Button size="small" aria-label={`${label}: ${user.name}`} onClick={() => setOpen(name)}>
      {label}
    </Button>
  );
  return (
    <div className="flex flex-wrap gap-2">
      {button("change", "Change")}
      {!isDisabled && button("link", "New link")}
      {button("disable", isDisabled ? "Let back in" : "Deactivate")}
      {open === "change" && <ChangeMemberDialog user={user} {...dialog("change")} />}
      <FormDialog
        {...dialog("link")}
        title={`A new link for ${user.name}`}
        description="With it they choose a new password, once, within seven days. An earlier link stops working; the present password works until the new one is chosen. Whoever has the link can become this person, so hand it over safely."
        submitLabel="Make the link"
        busyLabel="Making…"
        onSubmit={async () => onLink({ name: user.name, ...(await createSetupLink(user.id)) })}
      />
      <FormDialog
        {...dialog("disable")}
        title={isDisabled ? `Let ${user.name} back in?` : `Deactivate ${user.name}?`}
        description={
          isDisabled
            ? "They can sign in again with the password and the roles they had."
            : "They are signed out everywhere at once and cannot sign in. Their roles are kept. Keys they made go on working: revoke those under Keys if they should not."
        }
        submitLabel={isDisabled ? "Let them back in" : "Deactivate"}
        busyLabel="Saving…"
        variant={isDisabled ? "primary" : "danger"}
        onSubmit={async () => {
          await updateUser(user.id, { disabled: !isDisabled });
          await queries.invalidateQueries({ queryKey: ["users"] });
        }}
      />
    </div>
  );
}
