"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unlockBudget } from "@/components/budgets/budget-requests";
import { describeTarget } from "@/components/budgets/budget-words";
import type { LockedValue } from "@/components/budgets/locked-values";
import { FormDialog } from "@/components/states/form-dialog";
import { Field } from "@/components/ui/field";
import { Moment } from "@/components/ui/moment";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";

interface UnlockDialogProps {
  budget: BudgetAnswer;
  locked: LockedValue;
  onClose: () => void;
}

/** The question before what a stage closed is opened again: it lifts what stopped a runaway. */
export function UnlockDialog({ budget, locked, onClose }: UnlockDialogProps) {
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const { percent, until } = locked.lock;
  const whose = locked.name ?? describeTarget(budget);
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Unlock ${budget.name}?`}
      description={
        <ul className="list-disc pl-4">
          <li>
            Calls of {whose} go through again from the next one on
            {until === null ? (
              " until its session or trace ends"
            ) : (
              <>
                {" "}
                until <Moment at={until} timeZone={budget.tz} /> {budget.tz}
              </>
            )}
            , as far as other stages and budgets let them.
          </li>
          <li>
            The stage at {percent} % does not close it again before then, unless the limit is
            changed.
          </li>
          {budget.mode === "strict" && <li>Strict still lets nothing past 100 %.</li>}
        </ul>
      }
      submitLabel="Unlock it"
      busyLabel="Unlocking…"
      variant="danger"
      canSubmit={reason.trim() !== ""}
      onSubmit={async () => {
        await unlockBudget(budget.id, {
          reason: reason.trim(),
          ...(locked.name === null ? {} : { value: locked.name }),
          ...(locked.period === null ? {} : { period: locked.period }),
        });
        await queries.invalidateQueries({ queryKey: ["budgets"] });
      }}
    >
      <Field
        label="Why it may spend on"
        required
        maxLength={1000}
        hint="It is kept in the audit, with your name."
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
    </FormDialog>
  );
}
