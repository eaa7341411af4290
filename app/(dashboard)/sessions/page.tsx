import type { Metadata } from "next";
import { FirstRun } from "@/app/(dashboard)/first-run";
import { FirstEventGate } from "@/components/layout/first-event-gate";
import { SessionsList } from "@/components/sessions/sessions-list";
import { LazyViewsMenu } from "@/components/views/lazy-views-menu";

export const metadata: Metadata = { title: "Sessions" };

/** What did the agent spend it on? Before the first event: how to send one. */
export default function SessionsPage() {
  return (
    <FirstEventGate waiting={<FirstRun />}>
      <SessionsList actions={<LazyViewsMenu screen="sessions" />} />
    </FirstEventGate>
  );
}
