"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/states/form-dialog";
import { Field } from "@/components/ui/field";
import { MembershipFields } from "@/components/users/membership-fields";
import type { ShownLink } from "@/components/users/setup-link-dialog";
import { createUser } from "@/components/users/user-requests";
import type { CreateUserInput } from "@/lib/users/user-schemas";

interface AddMemberDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onLink: (link: ShownLink) => void;
}

/** The least that lets somebody look. */
const FIRST: CreateUserInput = {
  name: "",
  email: "",
  memberships: [{ project: null, role: "viewer" }],
};

/** Somebody new: who they are and what they may do. */
export function AddMemberDialog({ onLink, ...dialog }: AddMemberDialogProps) {
  const queries = useQueryClient();
  const [form, setForm] = useState(FIRST);
  return (
    <FormDialog
      {...dialog}
      title="Add a member"
      description="You get a one-time link to hand over; with it they choose their own password. Outlay sends nothing."
      submitLabel="Add and show the link"
      busyLabel="Adding…"
      canSubmit={form.name.trim() !== "" && form.email.trim() !== ""}
      onSubmit={async () => {
        const made = await createUser(form);
        onLink(made);
        await queries.invalidateQueries({ queryKey: ["users"] });
      }}
    >
      <Field
        label="Name"
        required
        maxLength={100}
        value={form.name}
        onChange={({ target }) => setForm({ ...form, name: target.value })}
      />
      <Field
        label="E-mail"
        type="email"
        required
        maxLength={320}
        value={form.email}
        onChange={({ target }) => setForm({ ...form, email: target.value })}
      />
      <MembershipFields
        memberships={form.memberships}
        onChange={(memberships) => setForm({ ...form, memberships })}
      />
    </FormDialog>
  );
}
