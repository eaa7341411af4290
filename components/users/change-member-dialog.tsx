"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/states/form-dialog";
import { Field } from "@/components/ui/field";
import { MembershipFields } from "@/components/users/membership-fields";
import { updateUser } from "@/components/users/user-requests";
import type { UserAnswer } from "@/lib/users/user-schemas";

interface ChangeMemberDialogProps {
  user: UserAnswer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** A person's name and all their roles. */
export function ChangeMemberDialog({ user, ...dialog }: ChangeMemberDialogProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(user.name);
  const [memberships, setMemberships] = useState(user.memberships);
  return (
    <FormDialog
      {...dialog}
      title={`Change ${user.name}`}
      description="It counts from their next request on."
      submitLabel="Save"
      busyLabel="Saving…"
      canSubmit={name.trim() !== "" && memberships.length > 0}
      onSubmit={async () => {
        await updateUser(user.id, { name, memberships });
        // One may have changed oneself: what one may do is another answer now.
        await Promise.all(
          ["users", "me", "projects"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
        );
      }}
    >
      <Field
        label="Name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <MembershipFields memberships={memberships} onChange={setMemberships} />
    </FormDialog>
  );
}
