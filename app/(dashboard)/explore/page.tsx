import type { Metadata } from "next";
import { FirstRun } from "@/app/(dashboard)/first-run";
import { FirstEventGate } from "@/components/layout/first-event-gate";
import { Explore } from "@/components/spend/explore";
import { LazyViewsMenu } from "@/components/views/lazy-views-menu";

export const metadata: Metadata = { title: "Explore" };

/** Where does it go? Before the first event: how to send one. */
export default function ExplorePage() {
  return (
    <FirstEventGate waiting={<FirstRun />}>
      <Explore actions={<LazyViewsMenu screen="explore" />} />
    </FirstEventGate>
  );
}
