"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

/** `FirstEvent`, loaded when it is shown: it is shown once in a life, and its script would weigh on every first load. */
export const LazyFirstEvent = dynamic(
  () => import("@/components/keys/first-event").then((module) => module.FirstEvent),
  { ssr: false, loading: () => <Skeleton className="mx-auto h-96 max-w-2xl" /> },
);
