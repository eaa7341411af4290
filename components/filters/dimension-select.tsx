"use client";

import { type FormEvent, useState } from "react";
import { ChoiceSelect } from "@/components/filters/choice-select";
import { DIMENSIONS, dimensionLabel, metadataDimension } from "@/components/filters/dimensions";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

interface DimensionSelectProps {
  label: string;
  value: string;
  onChoose: (dimension: string) => void;
}

const OPTIONS = DIMENSIONS.map(({ name, label }) => ({ value: name as string, label }));
const ASK_KEY = "ask-metadata-key";

/** Chooses a dimension of the contract, or any metadata key by name. */
export function DimensionSelect({ label, value, onChoose }: DimensionSelectProps) {
  const [isAsking, setAsking] = useState(false);
  const [key, setKey] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    if (key.trim() === "") return;
    onChoose(metadataDimension(key.trim()));
    setAsking(false);
  }

  if (isAsking) {
    return (
      <form onSubmit={submit} className="flex items-center gap-1.5">
        <Input
          aria-label="Metadata key"
          placeholder="Metadata key"
          className="w-36"
          value={key}
          ref={focusOnMount}
          onChange={(event) => setKey(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && setAsking(false)}
        />
        <Button type="submit">Use</Button>
      </form>
    );
  }
  const isListed = OPTIONS.some((option) => option.value === value);
  return (
    <ChoiceSelect
      label={label}
      value={value}
      options={[
        ...OPTIONS,
        ...(isListed ? [] : [{ value, label: dimensionLabel(value) }]),
        { value: ASK_KEY, label: "Metadata key…" },
      ]}
      onChoose={(next) => (next === ASK_KEY ? setAsking(true) : onChoose(next))}
    />
  );
}

function focusOnMount(input: HTMLInputElement | null): void {
  input?.focus();
}
