"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

const load = () => import("@/components/traces/session-page").then((module) => module.SessionPage);
// On its way at once, beside the frame and not in front of it.
if (typeof window !== "undefined") void load();

/** One session or trace, drawn by the browser alone: what is in sight of a tree depends on the window. */
export const LazySessionPage = dynamic(load, {
  ssr: false,
  loading: () => <Skeleton className="h-96 rounded-panel" />,
});
