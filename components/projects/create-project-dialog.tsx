"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createProject } from "@/components/projects/project-requests";
import { suggestSlug } from "@/components/projects/suggest-slug";
import { FormDialog } from "@/components/states/form-dialog";
import { Field, TickField } from "@/components/ui/field";

interface CreateProjectDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

const EMPTY = { name: "", slug: null as string | null, trusts_reported_cost: false };

/** A new project; its address name is suggested from its name and stays for good. */
export function CreateProjectDialog(props: CreateProjectDialogProps) {
  const queries = useQueryClient();
  const [form, setForm] = useState(EMPTY);
  const slug = form.slug ?? suggestSlug(form.name);
  return (
    <FormDialog
      {...props}
      title="Make a project"
      description="For a product, a team or an environment whose figures, keys and members are to stay apart."
      submitLabel="Make the project"
      busyLabel="Making…"
      canSubmit={form.name.trim() !== "" && slug !== ""}
      onSubmit={async () => {
        await createProject({ ...form, slug });
        setForm(EMPTY);
        await queries.invalidateQueries({ queryKey: ["projects"] });
      }}
    >
      <Field
        label="Name"
        required
        maxLength={100}
        value={form.name}
        onChange={(event) => setForm({ ...form, name: event.target.value })}
      />
      <Field
        label="Name in addresses"
        hint="Lower-case letters, digits and hyphens. It stands in links and scripts, so it stays as it is."
        required
        maxLength={63}
        pattern="[a-z0-9][a-z0-9\-]*"
        spellCheck={false}
        value={slug}
        onChange={(event) => setForm({ ...form, slug: event.target.value })}
      />
      <TrustField
        isOn={form.trusts_reported_cost}
        onChange={(isOn) => setForm({ ...form, trusts_reported_cost: isOn })}
      />
    </FormDialog>
  );
}

/** Whose figure is a call's cost: ours by the price book, or the sender's. */
export function TrustField({
  isOn,
  onChange,
}: {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <TickField
      label="Take reported costs"
      hint="Where an event reports its own cost, that counts instead of the price book's. It is so for calls received from then on; earlier ones keep theirs."
      checked={isOn}
      onCheckedChange={(checked) => onChange(checked === true)}
    />
  );
}
