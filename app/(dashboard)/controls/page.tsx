import type { Metadata } from "next";
import { LazyControlsPage } from "@/components/kill-switches/lazy-controls-page";

export const metadata: Metadata = { title: "Controls" };

/** Stop it. Shown before the first event too: an agent can be stopped before it calls. */
export default function Controls() {
  return <LazyControlsPage />;
}
