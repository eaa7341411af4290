"use client";

import { useFreshness } from "@/components/layout/freshness";
import { useWorkspace } from "@/components/layout/workspace";
import { formatQuantity } from "@/lib/format";
import { formatLocalDate, toLocalTime } from "@/lib/zone-time";

/** `Events up to 12:04`, and how many are still on their way. */
export function FreshnessStamp() {
  const { timeZone } = useWorkspace();
  const { data } = useFreshness();
  const upTo = data?.fresh_to ?? data?.last_event_at ?? null;
  if (!data || upTo === null || data.last_event_at === null) return null;
  return (
    <p className="tabular flex items-center gap-1.5 whitespace-nowrap text-[13px] text-ink-muted">
      <span>
        Events up to <time dateTime={upTo}>{clockOf(Date.parse(upTo), timeZone)}</time>
      </span>
      {data.backlog_events !== null && data.backlog_events > 0 && (
        <span className="text-caution">
          · {formatQuantity(data.backlog_events, "event")} on the way
        </span>
      )}
    </p>
  );
}

/** The clock alone for today; with the date for any other day. */
function clockOf(instantMs: number, timeZone: string): string {
  const local = toLocalTime(instantMs, timeZone);
  const clock = [local.hour, local.minute].map((part) => String(part).padStart(2, "0")).join(":");
  const date = formatLocalDate(local);
  const today = formatLocalDate(toLocalTime(Date.now(), timeZone));
  return date === today ? clock : `${date} ${clock}`;
}
