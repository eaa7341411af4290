"use client";

import { useQueryClient } from "@tanstack/react-query";
import { FormDialog } from "@/components/states/form-dialog";
import { ChangeMemberDialog } from "@/components/users/change-member-dialog";
import type { ShownLink } from "@/components/users/setup-link-dialog";
import { createSetupLink, updateUser } from "@/components/users/user-requests";
import type { UserAnswer } from "@/lib/users/user-schemas";

/** What an admin may do about a person; `toggle` deactivates them or lets them back in. */
export type MemberAction = "change" | "link" | "toggle";

interface MemberDialogProps {
  user: UserAnswer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

interface MemberActionDialogProps extends MemberDialogProps {
  action: MemberAction;
  onLink: (link: ShownLink) => void;
}

/** The question before something is done about a person. */
export function MemberActionDialog({ action, onLink, ...dialog }: MemberActionDialogProps) {
  if (action === "change") return <ChangeMemberDialog {...dialog} />;
  if (action === "toggle") return <ToggleDialog {...dialog} />;
  const { user, ...rest } = dialog;
  return (
    <FormDialog
      {...rest}
      title={`A new link for ${user.name}`}
      description="With it they choose a new password, once, within seven days. An earlier link stops working; the present password works until the new one is chosen. Whoever has the link can become this person, so hand it over safely."
      submitLabel="Make the link"
      busyLabel="Making…"
      onSubmit={async () => onLink({ name: user.name, ...(await createSetupLink(user.id)) })}
    />
  );
}

function ToggleDialog({ user, ...dialog }: MemberDialogProps) {
  const queries = useQueryClient();
  const isDisabled = user.state === "disabled";
  return (
    <FormDialog
      {...dialog}
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
  );
}
