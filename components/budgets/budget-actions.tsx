"use client";

import { Archive, Pencil } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "@/components/layout/use-may";
import { NeedsRole } from "@/components/states/needs-role";
import { Button } from "@/components/ui/button";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const EditBudgetDialog = dynamic(
  () => import("@/components/budgets/edit-budget-dialog").then((module) => module.EditBudgetDialog),
  { ssr: false },
);
const ArchiveBudgetDialog = dynamic(
  () =>
    import("@/components/budgets/archive-budget-dialog").then(
      (module) => module.ArchiveBudgetDialog,
    ),
  { ssr: false },
);

/** What may be done to a budget, and else who may. */
export function BudgetActions({ budget }: { budget: BudgetAnswer }) {
  const may = useMay();
  const [open, setOpen] = useState<"edit" | "archive" | null>(null);
  const dialog = (name: typeof open) => ({
    budget,
    isOpen: open === name,
    onOpenChange: (isOpen: boolean) => setOpen(isOpen ? name : null),
  });
  if (budget.archived_at !== null) return null;
  const permission = budget.project === null ? "budgets.write_everywhere" : "budgets.write";
  if (!may(permission, budget.project)) {
    return <NeedsRole permission={permission} what="Changing it" />;
  }
  return (
    <>
      <Button size="small" onClick={() => setOpen("edit")}>
        <Pencil aria-hidden="true" />
        Change
      </Button>
      <Button size="small" onClick={() => setOpen("archive")}>
        <Archive aria-hidden="true" />
        Archive
      </Button>
      {open === "edit" && <EditBudgetDialog {...dialog("edit")} />}
      {open === "archive" && <ArchiveBudgetDialog {...dialog("archive")} />}
    </>
  );
}
