"use client";

import dynamic from "next/dynamic";
import { WhenNear } from "@/components/states/when-near";

// Below the month and its chart, which come first: it loads once somebody is there or it is in sight.
const BudgetsStrip = dynamic(
  () => import("@/components/budgets/budgets-strip").then((module) => module.BudgetsStrip),
  { ssr: false },
);

/** The Overview's budgets, without a word of them in the page's first script. */
export function LazyBudgetsStrip() {
  return (
    <WhenNear fallback={<div className="h-px" />}>
      <BudgetsStrip />
    </WhenNear>
  );
}
