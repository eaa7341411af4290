import { formatLocalDate, toLocalTime } from "@/lib/zone-time";

interface MomentProps {
  /** RFC 3339. */
  at: string;
  timeZone: string;
  hasSeconds?: boolean;
}

/** An instant by the organisation's clock; the exact one on hover. */
export function Moment({ at, timeZone, hasSeconds = false }: MomentProps) {
  const instantMs = Date.parse(at);
  const local = toLocalTime(instantMs, timeZone);
  const parts = [local.hour, local.minute];
  // Zones are offset by whole minutes: seconds are the same everywhere.
  if (hasSeconds) parts.push(new Date(instantMs).getUTCSeconds());
  const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return (
    <time dateTime={at} title={at} className="tabular whitespace-nowrap">
      {formatLocalDate(local)} {clock}
    </time>
  );
}
