import { type ComponentProps, type ReactNode, useId } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

interface FieldProps extends Omit<ComponentProps<"input">, "id"> {
  label: string;
  hint?: ReactNode;
}

/** A named one-line field with its hint underneath. */
export function Field({ label, hint, ...props }: FieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <Input
        id={id}
        autoComplete="off"
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...props}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-[13px] text-ink-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

interface TickFieldProps extends Omit<ComponentProps<typeof Checkbox>, "id"> {
  label: string;
  hint?: ReactNode;
}

/** A tick box with its name, and what ticking it means. */
export function TickField({ label, hint, ...props }: TickFieldProps) {
  const id = useId();
  return (
    <div className="flex gap-2.5">
      <Checkbox
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-0.5"
        {...props}
      />
      <div className="flex min-w-0 flex-col gap-1">
        <Label htmlFor={id} className="leading-5">
          {label}
        </Label>
        {hint && (
          <p id={`${id}-hint`} className="text-[13px] text-ink-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

interface ChoiceFieldProps extends Omit<ComponentProps<"select">, "id"> {
  label: string;
  hint?: ReactNode;
  options: readonly { value: string; label: string }[];
}

/** A named list of choices: the browser's own, which a phone and a keyboard know. */
export function ChoiceField({ label, hint, options, ...props }: ChoiceFieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <select
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="h-8.5 w-full min-w-0 rounded-control border border-control bg-page px-2 text-ink text-sm"
        {...props}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="text-[13px] text-ink-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
