import { formatLocalMinute, toLocalTime } from "@/lib/zone-time";

interface MomentProps {
  /** RFC 3339. */
  at: string;
  timeZone: string;
  hasSeconds?: boolean;
}

/** An instant by the organisation's clock; the exact one on hover. */
export function Moment({ at, timeZone, hasSeconds = false }: MomentProps) {
  const instantMs = Date.parse(at);
  // Zones are offset by whole minutes: seconds are the same everywhere.
  const seconds = String(new Date(instantMs).getUTCSeconds()).padStart(2, "0");
  return (
    <time dateTime={at} title={at} className="tabular whitespace-nowrap">
      {formatLocalMinute(toLocalTime(instantMs, timeZone))}
      {hasSeconds && `:${seconds}`}
    </time>
  );
}
