"use client";

import { type FormEvent, useId, useState } from "react";
import { ChoiceSelect } from "@/components/filters/choice-select";
import { DIMENSIONS, dimensionLabel, metadataDimension } from "@/components/filters/dimensions";
import { useMetadataKeys } from "@/components/filters/metadata-keys";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

interface DimensionSelectProps {
  label: string;
  /** The empty text is none; only with `onClear`. */
  value: string;
  onChoose: (dimension: string) => void;
  /** Offers "None" as well. */
  onClear?: () => void;
  /** Not offered: chosen elsewhere already. */
  except?: string;
}

const OPTIONS = DIMENSIONS.map(({ name, label }) => ({ value: name as string, label }));
const ASK_KEY = "ask-metadata-key";
const NONE = { value: "", label: "None" };

/** Chooses a dimension of the contract, or any metadata key: one in use, or typed. */
export function DimensionSelect({ label, value, onChoose, onClear, except }: DimensionSelectProps) {
  const [isAsking, setAsking] = useState(false);

  if (isAsking) {
    return (
      <MetadataKeyForm
        onCancel={() => setAsking(false)}
        onChoose={(key) => {
          onChoose(metadataDimension(key));
          setAsking(false);
        }}
      />
    );
  }
  const isListed = value === "" || OPTIONS.some((option) => option.value === value);
  return (
    <ChoiceSelect
      label={label}
      value={value}
      options={[
        ...(onClear ? [NONE] : []),
        ...OPTIONS.filter((option) => option.value !== except),
        ...(isListed ? [] : [{ value, label: dimensionLabel(value) }]),
        { value: ASK_KEY, label: "Metadata key…" },
      ]}
      onChoose={(next) => {
        if (next === ASK_KEY) setAsking(true);
        else if (next === NONE.value) onClear?.();
        else onChoose(next);
      }}
    />
  );
}

interface MetadataKeyFormProps {
  onChoose: (key: string) => void;
  onCancel: () => void;
}

function MetadataKeyForm({ onChoose, onCancel }: MetadataKeyFormProps) {
  const id = useId();
  const [key, setKey] = useState("");
  const keys = useMetadataKeys(true);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (key.trim() !== "") onChoose(key.trim());
  }

  return (
    <form onSubmit={submit} className="flex items-center gap-1.5">
      <Input
        aria-label="Metadata key"
        placeholder="Metadata key"
        className="w-36"
        list={id}
        value={key}
        ref={focusOnMount}
        onChange={(event) => setKey(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onCancel()}
      />
      <datalist id={id}>
        {keys.map((known) => (
          <option key={known} value={known} />
        ))}
      </datalist>
      <Button type="submit">Use</Button>
    </form>
  );
}

function focusOnMount(input: HTMLInputElement | null): void {
  input?.focus();
}
