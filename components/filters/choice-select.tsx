"use client";

import { ChevronDown } from "lucide-react";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";

interface ChoiceSelectProps<Value extends string> {
  /** Names the control: "Metric". Shown before the value. */
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChoose: (value: Value) => void;
}

/** A labelled list of choices in a toolbar: `Metric Cost`. */
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
  const chosen = options.find((option) => option.value === value)?.label ?? value;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button aria-label={`${label}: ${chosen}`} className="max-w-64 font-normal">
          <span className="truncate">
            <span className="text-ink-muted">{label} </span>
            {chosen}
          </span>
          <ChevronDown aria-hidden="true" className="text-ink-muted" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start">
        <DropdownMenuRadioGroup value={value} onValueChange={choose}>
          {options.map((option) => (
            <DropdownMenuRadioItem key={option.value} value={option.value}>
              {option.label}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
