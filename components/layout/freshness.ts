"use client";

import { useQuery } from "@tanstack/react-query";
import { freshnessQuery } from "@/components/layout/freshness-query";
import { useWorkspace } from "@/components/layout/workspace";

const WAITING_MS = 2_000;
const SETTLED_MS = 15_000;

/** Asks how fresh the figures are: every two seconds until the first event ever, then calmly. */
export function useFreshness() {
  const { project, timeZone } = useWorkspace();
  return useQuery({
    ...freshnessQuery(project, timeZone),
    refetchInterval: ({ state }) => (state.data?.last_event_at === null ? WAITING_MS : SETTLED_MS),
  });
}
