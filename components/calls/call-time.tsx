import { formatLocalDate, toLocalTime } from "@/lib/zone-time";

/** When a call began, by the organisation's clock; the exact instant on hover. */
export function CallTime({ timestamp, timeZone }: { timestamp: string; timeZone: string }) {
  const instantMs = Date.parse(timestamp);
  const local = toLocalTime(instantMs, timeZone);
  // Zones are offset by whole minutes: seconds are the same everywhere.
  const clock = [local.hour, local.minute, new Date(instantMs).getUTCSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  return (
    <time dateTime={timestamp} title={timestamp} className="tabular whitespace-nowrap">
      {formatLocalDate(local)} {clock}
    </time>
  );
}
