"use client";

import dynamic from "next/dynamic";
import { WhenNear } from "@/components/states/when-near";
import { Skeleton } from "@/components/ui/skeleton";

const PLACE = <Skeleton className="h-70" />;
const CostliestSessions = dynamic(
  () =>
    import("@/components/sessions/costliest-sessions").then((module) => module.CostliestSessions),
  { ssr: false, loading: () => PLACE },
);

/** The costliest sessions, loaded when somebody comes near: they stand at the page's end. */
export function LazyCostliestSessions() {
  return (
    <WhenNear fallback={PLACE}>
      <CostliestSessions />
    </WhenNear>
  );
}
