import type { Metadata } from "next";
import { CallsList } from "@/components/calls/calls-list";
import { LazyFirstEvent } from "@/components/keys/lazy-first-event";
import { FirstEventGate } from "@/components/layout/first-event-gate";
import { LazyViewsMenu } from "@/components/views/lazy-views-menu";

export const metadata: Metadata = { title: "Calls" };

/** What was this? Before the first event: how to send one. */
export default function CallsPage() {
  return (
    <FirstEventGate waiting={<LazyFirstEvent />}>
      <CallsList actions={<LazyViewsMenu screen="calls" />} />
    </FirstEventGate>
  );
}
