"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

const load = () =>
  import("@/components/kill-switches/controls-page").then((module) => module.ControlsPage);
// On its way at once, beside the frame and not in front of it.
if (typeof window !== "undefined") void load();

/** The switches: nothing of them can be read before they are asked for, so the frame does not wait for their script. */
export const LazyControlsPage = dynamic(load, {
  ssr: false,
  loading: () => <Skeleton className="h-96 rounded-panel" />,
});
