"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { useCap } from "@/components/filters/cap";
import { currentSearch } from "@/components/layout/shared-params";
import { budgetPath } from "@/lib/paths";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const NewBudgetDialog = dynamic(
  () => import("@/components/budgets/new-budget-dialog").then((module) => module.NewBudgetDialog),
  { ssr: false },
);

/** Stands on a page from which a budget can be made; shows itself when the address asks for it. */
export function CapDialog() {
  const { cap, close } = useCap();
  const router = useRouter();
  const made = useRef<string | null>(null);
  if (!cap) return null;
  const leave = () => {
    if (made.current === null) return close();
    // In the dialog's place: Back leads to where it was opened.
    const project = currentSearch().get("project");
    router.replace(budgetPath(made.current, new URLSearchParams(project ? { project } : {})));
    made.current = null;
  };
  return (
    <NewBudgetDialog
      key={JSON.stringify(cap)}
      cap={cap}
      onClose={leave}
      onMade={(id) => {
        made.current = id;
      }}
    />
  );
}
