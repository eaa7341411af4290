"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

const load = () => import("@/components/alerts/alerts-page").then((module) => module.AlertsPage);
// On its way at once, beside the frame and not in front of it.
if (typeof window !== "undefined") void load();

/** The list of alerts: nothing of it can be read before it is asked for, so the frame does not wait for its script. */
export const LazyAlertsPage = dynamic(load, {
  ssr: false,
  loading: () => <Skeleton className="h-120 rounded-panel" />,
});
