"use client";

import { OctagonX } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { SwitchTarget } from "@/components/kill-switches/switch-requests";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { Button } from "@/components/ui/button";
import { ChoiceField, Field } from "@/components/ui/field";

const SCOPES = [
  { value: "agent", label: "Agent" },
  { value: "feature", label: "Feature" },
  { value: "user", label: "User" },
  { value: "model", label: "Model" },
] as const;

/** Stops something by its name: an agent that is about to run, a feature, a user, a model. */
export function StopOtherForm({ onEngage }: { onEngage: (target: SwitchTarget) => void }) {
  const { project, projects } = useWorkspace();
  const may = useMay();
  const places = projects
    .filter(({ slug }) => may("switches.engage", slug))
    .map(({ slug, name }) => ({ value: slug, label: name }));
  const [scope, setScope] = useState<(typeof SCOPES)[number]["value"]>("agent");
  const [place, setPlace] = useState<string | null>(null);
  const [name, setName] = useState("");
  const where = place ?? (project === ALL_PROJECTS ? places[0]?.value : project);
  if (where === undefined || places.length === 0) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") onEngage({ scope, project: where, value: name.trim() });
  };
  return (
    <form
      onSubmit={submit}
      className="grid items-end gap-3 border-line border-t p-4 sm:grid-cols-[auto_auto_minmax(0,1fr)_auto]"
    >
      <ChoiceField label="Stop a" value={scope} options={SCOPES} onChoose={setScope} />
      <ChoiceField label="In the project" value={where} options={places} onChoose={setPlace} />
      <Field
        label="Named"
        maxLength={256}
        spellCheck={false}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <Button type="submit" aria-disabled={name.trim() === ""}>
        <OctagonX aria-hidden="true" className="text-danger" />
        Stop…
      </Button>
    </form>
  );
}
