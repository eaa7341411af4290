"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

const load = () => import("@/components/traces/compare-page").then((module) => module.ComparePage);
// On its way at once, beside the frame and not in front of it.
if (typeof window !== "undefined") void load();

/** Two sessions, drawn by the browser alone. */
export const LazyComparePage = dynamic(load, {
  ssr: false,
  loading: () => <Skeleton className="h-96 rounded-panel" />,
});
