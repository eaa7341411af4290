import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

interface TextFieldProps extends Omit<ComponentProps<"input">, "onChange" | "value" | "id"> {
  label: string;
  value: string;
  fault?: string | undefined;
  hint?: string;
  onChange: (value: string) => void;
}

/** A labelled text field with its hint and its fault tied to it. */
export function TextField({
  label,
  value,
  fault,
  hint,
  onChange,
  className,
  ...props
}: TextFieldProps) {
  const id = useId();
  const note = fault ?? hint;
  return (
    <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <Label htmlFor={id}>{label}</Label>
      <Input
        id={id}
        value={value}
        autoComplete="off"
        aria-invalid={fault !== undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value)}
        {...props}
      />
      {note && (
        <p id={`${id}-note`} className={cn("text-xs", fault ? "text-danger" : "text-ink-muted")}>
          {note}
        </p>
      )}
    </div>
  );
}

interface ChoiceFieldProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

/** A labelled choice of a few; the browser's own list, which every device draws in its own way. */
export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>) {
  const { label, value, options, onChange } = props;
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
        className="h-8.5 w-full min-w-0 rounded-control border border-control bg-page px-2 text-ink text-sm"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A fault of several fields together. */
export function FormFault({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="text-danger text-xs">
      {children}
    </p>
  );
}
