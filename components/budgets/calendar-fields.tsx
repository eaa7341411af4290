"use client";

import type { FieldsProps } from "@/components/budgets/budget-fields";
import { ChoiceField, Field } from "@/components/ui/field";

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map(
  (label, index) => ({ value: String(index + 1), label }),
);

/** When its days, weeks and months begin; nothing for a window that no calendar has. */
export function CalendarFields({ draft, onChange, faults }: FieldsProps) {
  const { window } = draft;
  if (window === "request" || window === "trace" || window === "session") return null;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Time zone"
        spellCheck={false}
        value={draft.timeZone}
        onChange={({ target }) => onChange({ timeZone: target.value })}
      />
      {window === "week" && (
        <ChoiceField
          label="Weeks begin on"
          value={String(draft.weekStart)}
          options={WEEKDAYS}
          onChoose={(day) => onChange({ weekStart: Number(day) })}
        />
      )}
      {window === "month" && (
        <Field
          label="Months begin on day"
          inputMode="numeric"
          hint="In a shorter month on its last day."
          value={draft.monthDay}
          fault={faults.monthDay}
          onChange={({ target }) => onChange({ monthDay: target.value })}
        />
      )}
    </div>
  );
}
