"use client";

import dynamic from "next/dynamic";
import type { EscalationPanelProps } from "@/components/alerts/escalation-panel";
import { WhenNear } from "@/components/states/when-near";
import { Skeleton } from "@/components/ui/skeleton";

const PLACE = <Skeleton className="h-30 rounded-panel" />;
const EscalationPanel = dynamic(
  () => import("@/components/alerts/escalation-panel").then((module) => module.EscalationPanel),
  { ssr: false, loading: () => PLACE },
);

/** A budget's escalation, below its burn-down. */
export function LazyEscalationPanel(props: EscalationPanelProps) {
  return (
    <WhenNear fallback={PLACE}>
      <EscalationPanel {...props} />
    </WhenNear>
  );
}
