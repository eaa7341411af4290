import type { ComponentProps } from "react";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

interface TextFieldProps extends Omit<ComponentProps<"input">, "id"> {
  name: string;
  label: string;
  hint?: string;
  /** What is wrong with it; read out with the field. */
  fault?: string | undefined;
}

/** A named field with its hint and its fault underneath. */
export function TextField({ name, label, hint, fault, ...props }: TextFieldProps) {
  const notes = [hint ? `${name}-hint` : "", fault ? `${name}-fault` : ""].filter(Boolean);
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={name}>{label}</Label>
      <Input
        id={name}
        name={name}
        className="h-10"
        aria-invalid={fault ? true : undefined}
        aria-describedby={notes.length ? notes.join(" ") : undefined}
        {...props}
      />
      {hint ? (
        <p id={`${name}-hint`} className="text-[13px] text-ink-muted">
          {hint}
        </p>
      ) : null}
      {fault ? (
        <p id={`${name}-fault`} className="text-[13px] text-danger">
          {fault}
        </p>
      ) : null}
    </div>
  );
}
