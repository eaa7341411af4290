import type { Metadata } from "next";
import { FirstRun } from "@/app/(dashboard)/first-run";
import { UnwellStrip } from "@/components/integrity/unwell-strip";
import { FirstEventGate } from "@/components/layout/first-event-gate";
import { LazyCostliestSessions } from "@/components/sessions/lazy-costliest-sessions";
import { Overview } from "@/components/spend/overview";

export const metadata: Metadata = { title: "Overview" };

/** Is anything wrong, and what will this month come to? Before the first event: how to send one. */
export default function OverviewPage() {
  return (
    <FirstEventGate waiting={<FirstRun />}>
      <Overview strip={<UnwellStrip />} sessions={<LazyCostliestSessions />} />
    </FirstEventGate>
  );
}
