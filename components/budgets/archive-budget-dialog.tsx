"use client";

import { useQueryClient } from "@tanstack/react-query";
import { archiveBudget } from "@/components/budgets/budget-requests";
import { describeTarget, joinWords, listLimits } from "@/components/budgets/budget-words";
import { FormDialog } from "@/components/states/form-dialog";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";

interface BudgetDialogProps {
  budget: BudgetAnswer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** The question before a cap is taken away. */
export function ArchiveBudgetDialog({ budget, ...dialog }: BudgetDialogProps) {
  const queries = useQueryClient();
  const limits = joinWords(listLimits(budget), "or");
  return (
    <FormDialog
      {...dialog}
      title={`Archive ${budget.name}?`}
      description={
        <ul className="list-disc pl-4">
          <li>
            {budget.mode === "observe"
              ? "It counts no more from the next call on."
              : `From the next call on, ${limits} ${limits.startsWith("$") ? "no longer caps" : "no longer cap"} ${describeTarget(budget)}.`}
          </li>
          <li>Other budgets go on as they are.</li>
          <li>Its history stays, and it cannot be taken up again: make a new one instead.</li>
        </ul>
      }
      submitLabel="Archive the budget"
      busyLabel="Archiving…"
      variant="danger"
      onSubmit={async () => {
        await archiveBudget(budget.id);
        await queries.invalidateQueries({ queryKey: ["budgets"] });
      }}
    />
  );
}
