"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

/** `DemoOffer`, loaded when it is shown: a whole company is in its script. */
export const LazyDemoOffer = dynamic(
  () => import("@/components/demo/demo-offer").then((module) => module.DemoOffer),
  { ssr: false, loading: () => <Skeleton className="h-9" /> },
);
