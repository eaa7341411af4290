"use client";

import { useState } from "react";
import { listScopeChoices } from "@/components/keys/describe-key";
import { type CreatedKey, createKey } from "@/components/keys/key-requests";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { FormDialog } from "@/components/states/form-dialog";
import { ChoiceField, Field, TickField } from "@/components/ui/field";
import type { KeyScope } from "@/lib/permissions";

interface CreateKeyDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onMade: (key: CreatedKey) => void;
}

const EMPTY = { name: "", scopes: ["ingest", "guard"] as KeyScope[], installation: false };

/** A new key: for which project, and what it may do in plain words. */
export function CreateKeyDialog({ isOpen, onOpenChange, onMade }: CreateKeyDialogProps) {
  const { project, projects } = useWorkspace();
  const may = useMay();
  const [chosen, setChosen] = useState<string | null>(null);
  const [form, setForm] = useState(EMPTY);
  const open = projects.filter(({ slug }) => may("keys.write", slug));
  // A demo is offered where it is looked at, and never by chance.
  const usual = open.find(({ is_demo }) => !is_demo) ?? open[0];
  const target = chosen ?? (open.find(({ slug }) => slug === project) ?? usual)?.slug ?? "";
  const toggle = (scope: KeyScope, isOn: boolean) =>
    setForm(({ scopes, ...rest }) => ({
      ...rest,
      scopes: isOn ? [...scopes, scope] : scopes.filter((one) => one !== scope),
    }));
  return (
    <FormDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Make a key"
      description="What it may do is chosen now and never changes. The key is shown once."
      submitLabel="Make the key"
      busyLabel="Making…"
      canSubmit={form.name.trim() !== "" && form.scopes.length > 0 && target !== ""}
      onSubmit={async () => {
        onMade(await createKey({ ...form, project: target }));
        setForm(EMPTY);
      }}
    >
      <Field
        label="Name"
        hint="Who uses it, such as “checkout agents”."
        required
        maxLength={100}
        value={form.name}
        onChange={(event) => setForm({ ...form, name: event.target.value })}
      />
      <ChoiceField
        label="Project"
        value={target}
        options={open.map(({ slug, name }) => ({ value: slug, label: name }))}
        onChoose={setChosen}
      />
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 font-medium text-[13px]">It may</legend>
        {listScopeChoices(form.installation).map(({ scope, label, meaning }) => (
          <TickField
            key={scope}
            label={label}
            hint={meaning}
            checked={form.scopes.includes(scope)}
            onCheckedChange={(checked) => toggle(scope, checked === true)}
          />
        ))}
      </fieldset>
      {may("keys.write_installation", null) && (
        <TickField
          label="In every project"
          hint="An installation key: it does this in all projects, those to come included. Give it to few."
          checked={form.installation}
          onCheckedChange={(checked) => setForm({ ...form, installation: checked === true })}
        />
      )}
    </FormDialog>
  );
}
