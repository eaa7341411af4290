"use client";

import { useWorkspace } from "@/components/layout/workspace";
import { formatLocalMinute, toLocalTime } from "@/lib/zone-time";

/** Writes an instant (RFC 3339) by the organisation's clock: `2026-11-20 10:30`. */
export function useClock(): (at: string) => string {
  const { timeZone } = useWorkspace();
  return (at) => formatLocalMinute(toLocalTime(Date.parse(at), timeZone));
}
