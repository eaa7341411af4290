import { type ComponentProps, type ReactNode, useId } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

interface FieldProps extends Omit<ComponentProps<"input">, "id"> {
  label: string;
  hint?: ReactNode;
  /** What is wrong with it; read out with the field. */
  fault?: string | undefined;
}

/** A named one-line field with its hint and its fault underneath. */
export function Field({ label, hint, fault, ...props }: FieldProps) {
  const id = useId();
  const notes = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean);
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <Input
        id={id}
        autoComplete="off"
        aria-invalid={fault ? true : undefined}
        aria-describedby={notes.length > 0 ? notes.join(" ") : undefined}
        {...props}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-[13px] text-ink-muted">
          {hint}
        </p>
      )}
      {fault && (
        <p id={`${id}-fault`} className="text-[13px] text-danger">
          {fault}
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

interface ChoiceFieldProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChoose: (value: Value) => void;
}

/** A named list of choices: the browser's own, which a phone and a keyboard know. */
export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>) {
  const { label, value, options, onChoose } = props;
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <select
        id={id}
        value={value}
        onChange={({ target }) => {
          const chosen = options.find((option) => option.value === target.value);
          if (chosen) onChoose(chosen.value);
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
