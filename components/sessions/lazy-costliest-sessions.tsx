"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

/** The costliest sessions, loaded after the page: they stand at its end. */
export const LazyCostliestSessions = dynamic(
  () =>
    import("@/components/sessions/costliest-sessions").then((module) => module.CostliestSessions),
  { ssr: false, loading: () => <Skeleton className="h-70" /> },
);
