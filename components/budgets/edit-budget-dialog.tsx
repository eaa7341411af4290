"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeBody, draftOf, listChanges } from "@/components/budgets/budget-body";
import { listFaults } from "@/components/budgets/budget-draft";
import {
  type FieldsProps,
  LimitFields,
  ModeFields,
  MoreFields,
  RuleFields,
} from "@/components/budgets/budget-fields";
import { updateBudget } from "@/components/budgets/budget-requests";
import { StageFields } from "@/components/budgets/stage-fields";
import { FormDialog } from "@/components/states/form-dialog";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Field } from "@/components/ui/field";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";

interface EditBudgetDialogProps {
  budget: BudgetAnswer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Changes a budget's rules; says what saving changes before it does. */
export function EditBudgetDialog({ budget, ...dialog }: EditBudgetDialogProps) {
  const queries = useQueryClient();
  // Kept as it was when the dialog opened: what is spent goes on meanwhile.
  const [before] = useState(budget);
  const [draft, setDraft] = useState(() => draftOf(budget));
  const faults = listFaults(draft);
  const changes = listChanges(before, draft);
  const hasFaults = Object.keys(faults).length > 0;
  const fields: FieldsProps = {
    draft,
    faults,
    onChange: (change) => setDraft((last) => ({ ...last, ...change })),
  };
  return (
    <FormDialog
      {...dialog}
      isWide
      title={`Change ${before.name}`}
      description="What was spent stays. Whom it is for, its window and its zone stay too: for others make a new budget."
      submitLabel={changes.length === 0 ? "Nothing to save" : "Save the changes"}
      busyLabel="Saving…"
      canSubmit={!hasFaults && changes.length > 0}
      onSubmit={async () => {
        await updateBudget(before.id, changeBody(draft));
        await queries.invalidateQueries({ queryKey: ["budgets"] });
      }}
    >
      <Field
        label="Limit, US dollars"
        inputMode="decimal"
        value={draft.limits.usd}
        fault={faults.usd}
        onChange={({ target }) =>
          fields.onChange({ limits: { ...draft.limits, usd: target.value } })
        }
      />
      <ModeFields {...fields} />
      <Field
        label="Name"
        maxLength={200}
        value={draft.name}
        onChange={({ target }) => fields.onChange({ name: target.value })}
      />
      <StageFields {...fields} />
      <MoreFields>
        <LimitFields {...fields} />
        <RuleFields {...fields} />
      </MoreFields>
      <div aria-live="polite">
        {!hasFaults && changes.length > 0 && (
          <Alert>
            <AlertTitle>From the next call on</AlertTitle>
            <AlertDescription>
              <ul className="list-disc pl-4">
                {changes.map((change) => (
                  <li key={change} className="[overflow-wrap:anywhere]">
                    {change}
                  </li>
                ))}
              </ul>
            </AlertDescription>
          </Alert>
        )}
      </div>
    </FormDialog>
  );
}
