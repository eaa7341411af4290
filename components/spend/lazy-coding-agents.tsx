"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

/** `CodingAgents` behind a skeleton of its size: the frame is there first. */
export const LazyCodingAgents = dynamic(
  () => import("@/components/spend/coding-agents").then((module) => module.CodingAgents),
  {
    ssr: false,
    loading: () => (
      <div className="flex flex-col gap-4">
        <h1 className="sr-only">Coding agents</h1>
        <Skeleton className="h-8.5 max-w-xl" />
        <Skeleton className="h-100 rounded-panel" />
        <div className="grid gap-4 lg:grid-cols-2">
          <Skeleton className="h-90 rounded-panel" />
          <Skeleton className="h-90 rounded-panel" />
        </div>
      </div>
    ),
  },
);
