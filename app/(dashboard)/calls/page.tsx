import type { Metadata } from "next";
import { FirstRun } from "@/app/(dashboard)/first-run";
import { CallsList } from "@/components/calls/calls-list";
import { FirstEventGate } from "@/components/layout/first-event-gate";
import { LazyViewsMenu } from "@/components/views/lazy-views-menu";

export const metadata: Metadata = { title: "Calls" };

/** What was this? Before the first event: how to send one. */
export default function CallsPage() {
  return (
    <FirstEventGate waiting={<FirstRun />}>
      <CallsList actions={<LazyViewsMenu screen="calls" />} />
    </FirstEventGate>
  );
}
