"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

const SendingSteps = dynamic(
  () => import("@/components/keys/sending-steps").then((module) => module.SendingSteps),
  { ssr: false, loading: () => <Skeleton className="h-72" /> },
);

/** How to set a coding agent up, loaded where it is shown: until its first call. */
export function LazyAgentSteps() {
  return <SendingSteps apiKey={null} isForAgents />;
}
