"use client";

import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from "@/components/ui/select";

interface ChoiceSelectProps<Value extends string> {
  /** Names the control: "Metric". Shown before the value. */
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChoose: (value: Value) => void;
}

/** A labelled list of choices in a toolbar: `Metric: Cost`. */
export function ChoiceSelect<Value extends string>({
  label,
  value,
  options,
  onChoose,
}: ChoiceSelectProps<Value>) {
  const choose = (next: string) => {
    const option = options.find((entry) => entry.value === next);
    if (option) onChoose(option.value);
  };
  return (
    <Select value={value} onValueChange={choose}>
      <SelectTrigger aria-label={label}>
        <span>
          <span className="text-ink-muted">{label} </span>
          <SelectValue />
        </span>
      </SelectTrigger>
      <SelectContent>
        {options.map((option) => (
          <SelectItem key={option.value} value={option.value}>
            {option.label}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
