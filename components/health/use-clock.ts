"use client";

import { useWorkspace } from "@/components/layout/workspace";
import { formatLocalDate, toLocalTime } from "@/lib/zone-time";

/** Writes an instant (RFC 3339) by the organisation's clock: `20 Nov 2026 10:30`. */
export function useClock(): (at: string) => string {
  const { timeZone } = useWorkspace();
  return (at) => {
    const local = toLocalTime(Date.parse(at), timeZone);
    const clock = [local.hour, local.minute].map((part) => String(part).padStart(2, "0"));
    return `${formatLocalDate(local)} ${clock.join(":")}`;
  };
}
