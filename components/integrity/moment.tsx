import { formatLocalDate, toLocalTime } from "@/lib/zone-time";

/** An instant by the organisation's clock; the exact one on hover. */
export function Moment({ at, timeZone }: { at: string; timeZone: string }) {
  const local = toLocalTime(Date.parse(at), timeZone);
  const clock = [local.hour, local.minute].map((part) => String(part).padStart(2, "0")).join(":");
  return (
    <time dateTime={at} title={at} className="tabular whitespace-nowrap">
      {formatLocalDate(local)} {clock}
    </time>
  );
}
